"""People: accounts, seats in partners, staff roles, links that sign in."""
