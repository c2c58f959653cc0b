"""Actions that record, import and retire."""
