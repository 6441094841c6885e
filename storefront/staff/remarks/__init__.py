"""Say something of an order: notes, tags; send a mail of it again."""
