"""Lists as somebody wants to see them again."""
