"""Units that come back."""
