"""The interfaces of two source documents, without rules; see `docs/compatibility.md`."""
