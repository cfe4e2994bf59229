"""What pages ask about free tools."""
