"""Gatepost's storage: the tables, the ledger and the migrations. Only this package uses SQL."""

from gatepost_persistence.sqlite.library_choice import use_safe_sqlite

use_safe_sqlite()
