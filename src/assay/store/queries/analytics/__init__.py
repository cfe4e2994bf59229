"""Figures of partners and of their categories."""
