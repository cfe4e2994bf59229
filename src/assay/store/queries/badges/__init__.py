"""Queries about badges."""
