"""What machines ask for: JSON in and out, by tokens, without sessions."""
