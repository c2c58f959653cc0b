"""Rendering a page."""
