"""Where stock lies."""
