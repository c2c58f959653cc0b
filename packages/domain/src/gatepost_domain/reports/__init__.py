"""Delivery figures and the facts they are computed from."""
