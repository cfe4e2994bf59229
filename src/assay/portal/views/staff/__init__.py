"""Views: staff."""
