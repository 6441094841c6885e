"""Let visitors ask about a product, and buyers answer."""
