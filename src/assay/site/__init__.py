"""Wires: settings, addresses, entry points of an installation."""
