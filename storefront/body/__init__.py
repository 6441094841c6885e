"""Where it hurts: the map of the body, its regions, the muscles, the glossary."""
