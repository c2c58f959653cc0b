"""Signing with the key of this instance."""
