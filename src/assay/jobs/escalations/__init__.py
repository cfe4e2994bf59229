"""Escalations: opened, answered, warned of, disputed, and shown with their clocks."""
