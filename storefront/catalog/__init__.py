"""Browse what is for sale."""
