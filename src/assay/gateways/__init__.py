"""Reaches out: the installation's folder, its database server, mail, the queue of jobs."""
