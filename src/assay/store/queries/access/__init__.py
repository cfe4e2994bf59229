"""What pages ask about access to the portal."""
