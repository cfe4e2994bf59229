"""Reviews: facts opened, decisions made, explained and kept."""
