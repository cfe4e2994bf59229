"""Escalations as plain values."""
