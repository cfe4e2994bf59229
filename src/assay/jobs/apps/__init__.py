"""Apps: from draft to retired, and what reports and people say of them differently."""
