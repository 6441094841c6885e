"""Change a paid order before it ships."""
