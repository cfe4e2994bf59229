"""What is asked for pages that everybody sees."""
