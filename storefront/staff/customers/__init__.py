"""People who bought or signed up."""
