"""Returns: units that come back, from the first word to the shelf and the money."""
