"""Ask and answer below a text."""
