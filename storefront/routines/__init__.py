"""Follow a tutorial or a routine by the clock, and keep a log of it."""
