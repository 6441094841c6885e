"""Read articles, follow tutorials."""
