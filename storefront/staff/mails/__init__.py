"""The outbox, and how the mails are worded."""
