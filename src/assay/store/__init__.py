"""Remembers people and process: accounts, partners, apps, reviews, notices, imports."""
