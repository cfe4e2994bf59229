"""Notices, mail, announcements and ratings: what people are told, and what they say of it."""
