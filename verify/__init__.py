"""One-time codes: send one, check it, and tell what a number is."""
