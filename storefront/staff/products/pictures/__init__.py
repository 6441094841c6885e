"""The pictures of a product: which, in what order, what is on them."""
