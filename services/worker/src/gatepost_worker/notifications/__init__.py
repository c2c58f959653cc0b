"""Notifications: sending messages to people through Apprise, in a process of their own."""
