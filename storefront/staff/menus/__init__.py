"""The links in the head and foot of the shop."""
