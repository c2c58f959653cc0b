"""What the SQLite and PostgreSQL ledgers share."""
