"""What is asked of partners."""
