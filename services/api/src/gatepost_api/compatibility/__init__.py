"""Adapters for the interfaces in two source documents, described in `docs/compatibility.md`."""
