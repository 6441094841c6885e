"""What was sold, and what led to it."""
