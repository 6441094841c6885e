"""Which mails a customer agrees to."""
