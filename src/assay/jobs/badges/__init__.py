"""Jobs of badges: issue, revoke, suspend, draw, export, verify."""
