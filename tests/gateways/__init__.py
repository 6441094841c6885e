"""What stands behind each gateway, held to one contract."""
