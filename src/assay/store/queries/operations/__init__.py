"""What is asked of the running product and its record."""
