"""API operations for notification channels and notifications."""
