"""The delivery report: its metrics, their definitions, and the underlying measurements."""
