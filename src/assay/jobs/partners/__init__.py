"""Partners: known from facts, claimed, and their profiles."""
