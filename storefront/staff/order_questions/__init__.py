"""Answer what buyers ask about their orders."""
