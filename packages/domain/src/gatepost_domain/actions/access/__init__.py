"""Actions on users, tokens and sessions."""
