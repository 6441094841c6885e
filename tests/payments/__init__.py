"""Payments that survive: each test is named for what it prevents. See docs/payments.md."""
