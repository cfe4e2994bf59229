"""Notices, mail and ratings: what people are told, and what they say of it."""
