"""Ship an order in parcels, correct one, take one back."""
