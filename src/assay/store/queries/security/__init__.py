"""What pages ask about security programs."""
