"""Plain pages and policies."""
