"""API operations for listing and streaming events."""
