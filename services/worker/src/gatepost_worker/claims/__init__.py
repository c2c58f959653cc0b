"""Claims: how the worker claims tasks, renews leases, reports steps and finishes tasks."""
