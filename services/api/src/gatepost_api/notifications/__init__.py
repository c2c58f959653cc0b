"""The API of notification channels and notifications."""
