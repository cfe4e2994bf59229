"""What is asked of credits."""
