"""Adapters for the two compatible HTTP interfaces, described in `docs/compatibility.md`."""
