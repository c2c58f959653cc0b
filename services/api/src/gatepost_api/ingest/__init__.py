"""Ingest: receiving deliveries of other systems, and their sources."""
