"""Pictures that staff bring in."""
