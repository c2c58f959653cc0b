"""Actions of ingest: setting up sources, and receiving and replaying their deliveries."""
