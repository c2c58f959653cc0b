"""Settings changes: changes of guarded settings, which another admin has to approve."""
