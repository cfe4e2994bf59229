"""Questions to the database, answered in plain values; nothing here writes."""
