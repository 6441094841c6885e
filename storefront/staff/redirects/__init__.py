"""Where old addresses lead."""
