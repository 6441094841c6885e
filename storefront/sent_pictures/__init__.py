"""Pictures that buyers send: read with suspicion, made anew, private until staff publish them."""
