"""Letters, and who moved up."""
