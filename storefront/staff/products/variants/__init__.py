"""The options and variants of a product."""
