"""django-oscar with one product, as a peer to be measured beside: no part of the shop."""
