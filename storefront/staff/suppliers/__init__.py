"""Of whom the shop buys."""
