"""What leaves a cart and comes back: removed, saved for later, shared by a link."""
