"""Jobs of the review year, killed."""
