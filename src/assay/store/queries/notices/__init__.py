"""What is asked of notices, mail and ratings."""
