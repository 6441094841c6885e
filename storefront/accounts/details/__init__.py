"""A customer's name and email address."""
