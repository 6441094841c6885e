"""Links that fill a cart or bring a discount along."""
