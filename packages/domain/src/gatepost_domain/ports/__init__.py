"""The interfaces that the actions require of storage."""
