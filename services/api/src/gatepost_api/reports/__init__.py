"""Delivery reports."""
