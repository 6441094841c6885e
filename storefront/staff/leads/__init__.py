"""See what each text leads to: carts, orders, units and money."""
