"""What a spreadsheet can hold, and what is done with its rows."""
