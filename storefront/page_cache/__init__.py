"""Pages for everybody, made once and kept until something that they show has changed."""
