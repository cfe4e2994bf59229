"""Fixtures that every test may use. A fixture for one room stands in that room's conftest.py."""
