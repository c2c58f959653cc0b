"""Settings changes: changes to guarded settings, which another admin has to approve."""
