"""Work to do later, kept in the shop's own database."""
