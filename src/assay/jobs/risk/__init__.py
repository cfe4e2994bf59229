"""Partners at risk: assessed, told in time, and what was agreed with them."""
