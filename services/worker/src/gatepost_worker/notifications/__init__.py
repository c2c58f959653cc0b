"""Notifications: sending messages to people through Apprise, in a separate process."""
