"""Ingest: deliveries from other systems that report deployments made elsewhere."""
