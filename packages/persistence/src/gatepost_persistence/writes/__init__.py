"""The unit of work in SQL: repositories inside a write transaction, and the commit queue."""
