"""Mails that customers ask for or may stop: back in stock, a cart left behind, a review."""
