"""Sign up, sign in, see one's orders."""
