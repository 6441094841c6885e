"""Pictures that staff bring in: read with suspicion, made small by the worker, served for good."""
