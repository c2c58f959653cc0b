"""The interfaces that actions require of storage."""
