"""Where Gatepost keeps what it knows: tables, the ledger, migrations. Only here is SQL known."""

from gatepost_persistence.sqlite.library import use_safe_sqlite

use_safe_sqlite()
