"""Purchase orders, from suggestion to receipt."""
