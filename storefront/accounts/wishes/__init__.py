"""What a customer would like to have."""
