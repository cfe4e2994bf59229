"""What is asked of standings and decisions."""
