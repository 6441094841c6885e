"""Links in the texts that lead nowhere."""
