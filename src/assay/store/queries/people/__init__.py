"""What is asked of people and their seats."""
