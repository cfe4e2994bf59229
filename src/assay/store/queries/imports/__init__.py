"""What is asked of imports."""
