"""Links in mails by which one signs in, or chooses a password."""
