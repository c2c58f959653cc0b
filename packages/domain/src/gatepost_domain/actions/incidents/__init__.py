"""Actions on incidents: reporting, resolving and linking them."""
