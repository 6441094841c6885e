"""Look at orders and ship them."""
