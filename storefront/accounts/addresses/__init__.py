"""The addresses that a customer keeps."""
