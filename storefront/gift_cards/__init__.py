"""Money paid in advance: issued when its order is paid, mailed, and spent in parts."""
