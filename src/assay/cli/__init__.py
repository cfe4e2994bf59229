"""Command: translate the command line to jobs and their results to text."""
