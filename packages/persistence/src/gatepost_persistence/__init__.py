"""Storage of Gatepost: tables, the ledger and its migrations. Only this package uses SQL."""

from gatepost_persistence.sqlite.library_choice import use_safe_sqlite

use_safe_sqlite()
