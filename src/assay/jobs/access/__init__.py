"""Access to the portal: asking for it, deciding it, and how it ends."""
