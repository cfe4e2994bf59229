"""What is asked of partners at risk."""
