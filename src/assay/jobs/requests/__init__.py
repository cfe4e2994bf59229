"""Requests: rounds opened, asked in, decided by rank; tickets allotted, waiting lists moved up."""
