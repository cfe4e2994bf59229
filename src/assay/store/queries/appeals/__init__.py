"""Appeals and corrections as they are read."""
