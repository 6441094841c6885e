"""Questions with their answers on the pages of products."""
