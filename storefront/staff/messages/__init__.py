"""Everything that waits for an answer, in one queue."""
