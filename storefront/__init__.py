"""What visitors, customers and staff do: one package for each activity."""
