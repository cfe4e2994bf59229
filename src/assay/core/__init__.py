"""Decide: programs, expressions, findings and tiers as plain values.

No clock, no files, no SQL driver and no Django in this room.
"""
