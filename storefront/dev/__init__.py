"""What only a developer's machine shows: the mailbox, and the components in all their states."""
