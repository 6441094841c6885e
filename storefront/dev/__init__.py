"""What only a developer's machine shows: the mailbox."""
