"""Benefits: what a credited tier gives is granted, changed and ended."""
