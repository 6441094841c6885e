"""The register of what the texts claim, and who held it against its sources."""
