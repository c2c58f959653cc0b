"""Environments and their policies."""
