"""Times in which a scope takes no new starts."""
