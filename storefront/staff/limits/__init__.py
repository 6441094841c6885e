"""See which limits of the checkout fill up, and lift them."""
