"""What the texts in the database say in other languages: kept, found, put into rows."""
