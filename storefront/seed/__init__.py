"""The content a new shop starts with."""
