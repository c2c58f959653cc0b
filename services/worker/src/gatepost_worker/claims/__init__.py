"""Claims: how the worker claims tasks, renews its leases, reports steps and finishes tasks."""
