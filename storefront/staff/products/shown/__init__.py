"""What is shown with a product: tutorials and articles."""
