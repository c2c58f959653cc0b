"""Outgoing webhooks: their management, and the messages that are sent to them."""
