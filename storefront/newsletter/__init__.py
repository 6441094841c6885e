"""Mails for those who asked for them, in sequences that follow what happens in the shop."""
