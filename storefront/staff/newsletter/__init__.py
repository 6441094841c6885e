"""See who gets the shop's mails, and by which consent."""
