"""Read what buyers say, decide on it, answer it."""
