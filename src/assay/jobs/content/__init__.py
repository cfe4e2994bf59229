"""Content: posts from draft to withdrawn, who has read them, sign-ups, digests."""
