"""Write sequences of mails, and see what they lead to."""
