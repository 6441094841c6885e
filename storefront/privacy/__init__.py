"""What a customer may do with all that the shop knows of her: have it, end it, erase it."""
