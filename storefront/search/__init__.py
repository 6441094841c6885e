"""Find products, articles and tutorials."""
