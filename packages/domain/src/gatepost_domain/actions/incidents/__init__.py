"""Actions on incidents."""
