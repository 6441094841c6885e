"""Where a product is found: its handle, and what search engines show."""
