"""ClaimPort on tasks: how the worker gets, renews, reports on and finishes them."""
