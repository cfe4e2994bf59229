"""Imports: files and statements on their way into the ledger, and out of it again."""
