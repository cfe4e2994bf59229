"""Hold: fact tables as SQL and Parquet, in stored types, with their digests.

What the ledger, the readers of documents and the engine share about rows that are too many for
Python: where they are, how one row is written as text, how a connection is opened.
"""
