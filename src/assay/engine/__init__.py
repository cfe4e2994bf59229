"""Compute: a program and facts to measures, findings and decisions, as SQL."""
