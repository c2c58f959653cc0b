"""API operations that workers use to claim tasks and report on them."""
