"""Decision letters, and the announcement of who moved up: what follows a closed review."""
