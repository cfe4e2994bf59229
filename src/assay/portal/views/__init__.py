"""Views by topic: each makes one call and hands plain values to a template."""
