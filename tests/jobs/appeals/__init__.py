"""Appeals and late facts."""
