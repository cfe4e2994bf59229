"""What is asked of notices, mail, announcements and ratings."""
