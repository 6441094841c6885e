"""What machines ask: whether the shop is alive, and ready to serve."""
