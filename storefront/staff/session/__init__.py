"""Sign in to the back office, and out."""
