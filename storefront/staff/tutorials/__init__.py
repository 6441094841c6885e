"""Edit the tutorials, with their steps."""
