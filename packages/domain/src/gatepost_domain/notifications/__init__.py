"""Notifications to people, the channels through which they are sent, and the messages."""
