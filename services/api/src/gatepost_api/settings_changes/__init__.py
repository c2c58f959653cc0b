"""API operations for settings changes: changes to guarded settings, which need an approval."""
