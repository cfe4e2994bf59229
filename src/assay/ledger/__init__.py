"""Keep: facts, append-only, columnar, restated but never overwritten, known as of any moment."""
