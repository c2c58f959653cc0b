"""Listing and streaming events."""
