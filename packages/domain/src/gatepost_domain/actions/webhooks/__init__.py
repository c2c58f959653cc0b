"""Actions on webhooks: configuring them, and queueing, sending and repeating deliveries."""
