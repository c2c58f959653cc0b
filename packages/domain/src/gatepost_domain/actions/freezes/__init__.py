"""Actions on freezes."""
