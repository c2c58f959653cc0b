"""Delivery reports: loading them, and the API operation that returns them."""
