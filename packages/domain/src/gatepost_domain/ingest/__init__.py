"""Ingest: deliveries of other systems that say that something was deployed elsewhere."""
