"""Decision letters as they are read."""
