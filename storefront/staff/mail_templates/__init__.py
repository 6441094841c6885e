"""Word the letters of the shop: try them, save them, take ours back."""
