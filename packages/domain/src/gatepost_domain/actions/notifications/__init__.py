"""Actions on notifications: configuring channels, and queueing and sending notifications."""
