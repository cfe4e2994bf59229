"""What is kept so that it can be shown later: records of reviews, the chain of events."""
