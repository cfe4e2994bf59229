"""Programs: found, checked, compared, and their golden cases run."""
