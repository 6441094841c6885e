"""How a customer signs in, and where she is signed in."""
