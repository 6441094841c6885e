"""Saying the shop's texts in other languages."""
