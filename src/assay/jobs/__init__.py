"""Do: one verb a module."""
