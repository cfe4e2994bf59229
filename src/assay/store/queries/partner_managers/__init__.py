"""What is asked of technical partner managers."""
