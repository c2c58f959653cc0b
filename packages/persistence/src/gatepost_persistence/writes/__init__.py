"""The ports of a write transaction, over SQL."""
