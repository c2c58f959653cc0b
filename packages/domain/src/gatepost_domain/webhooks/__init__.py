"""Outgoing webhooks, and the delivery of events to them."""
