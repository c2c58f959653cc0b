"""Outgoing webhooks, and the deliveries of events to them."""
