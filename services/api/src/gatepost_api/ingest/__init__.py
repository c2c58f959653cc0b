"""Ingest: receiving deliveries from other systems, and managing their sources."""
