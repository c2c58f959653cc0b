"""HTTP concerns shared by all controllers: requests, problems, pagination, ETags, idempotency."""
