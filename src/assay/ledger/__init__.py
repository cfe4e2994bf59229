"""Keep: facts, append-only, columnar, restated but never overwritten, readable as known then."""
