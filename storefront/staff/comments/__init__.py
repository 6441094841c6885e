"""Read what readers wrote, decide on it, answer it."""
