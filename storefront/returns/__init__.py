"""Ask to send something back, see how far it is, and take that back."""
