"""Actions on guarded settings: proposing, approving and rejecting changes."""
