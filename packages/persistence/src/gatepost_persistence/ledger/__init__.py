"""The parts that the SQLite and PostgreSQL ledgers share."""
