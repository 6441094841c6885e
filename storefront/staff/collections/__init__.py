"""Collections: products under one name, chosen by hand or by a rule."""
