"""A customer's name and e-mail address."""
