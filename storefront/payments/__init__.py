"""Taking money: the gateway, the webhook and settling an order once."""
