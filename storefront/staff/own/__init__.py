"""What belongs to whoever is signed in: devices, codes, sessions."""
