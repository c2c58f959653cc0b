"""The report on software delivery: loading it, and the API operation that returns it."""
