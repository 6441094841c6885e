"""Find anything in the back office."""
