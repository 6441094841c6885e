"""Products shown together, by hand or by a rule."""
