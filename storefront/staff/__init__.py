"""Run the shop: one package for each family of screens."""
