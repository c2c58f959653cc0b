"""Outgoing webhooks: API operations to manage them, and the messages sent to them."""
