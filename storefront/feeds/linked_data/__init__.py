"""What pages say of themselves in the words of schema.org, as plain dictionaries."""
