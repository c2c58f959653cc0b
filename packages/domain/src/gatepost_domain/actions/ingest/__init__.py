"""Ingest actions: setting up sources, and receiving and replaying their deliveries."""
