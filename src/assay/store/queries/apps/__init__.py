"""What is asked of apps."""
