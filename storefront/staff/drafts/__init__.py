"""Orders that staff write, to be paid by a link."""
