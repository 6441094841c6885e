"""Let buyers say what they think of what they bought."""
