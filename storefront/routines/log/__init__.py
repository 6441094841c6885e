"""The log that a customer keeps with her account: what she did, and her pain before and after."""
