"""What every controller uses: requests, problems, paging, caching and idempotency."""
