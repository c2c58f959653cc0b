"""Write the triggers of the latest revision to the files that every database is compared with.

They are read from freshly migrated databases, so PostgreSQL's programs must be installed. Run this
as a module, `python -m tools.generate_guards`, because it uses the PostgreSQL server of the tests.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from gatepost_persistence.guards.expected_guards import guard_file
from gatepost_persistence.guards.guard import Guard, to_document
from gatepost_persistence.guards.stored_guards import read_guards
from gatepost_persistence.postgres.engine import parse_url
from gatepost_persistence.postgres.ledger import query_database
from gatepost_persistence.sqlite.engine import open_read_connection
from gatepost_persistence.sqlite.ledger import migrate_file
from tests.support.storage.postgres_cluster import TEMPLATE_DATABASE, running_cluster


def format_guards(guards: Sequence[Guard]) -> str:
    """Return the text of a file."""
    return json.dumps(to_document(guards), indent=2) + "\n"


def guards_of_sqlite() -> Sequence[Guard]:
    """Return the triggers in a new SQLite file."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "gatepost.db"
        migrate_file(file)
        with open_read_connection(file) as connection:
            return read_guards(connection)


def guards_of_postgresql() -> Sequence[Guard]:
    """Return the triggers in a new database on a temporary PostgreSQL server."""
    with running_cluster() as cluster:
        url = parse_url(cluster.url(TEMPLATE_DATABASE))
        return asyncio.run(query_database(url, read_guards))


def main() -> int:
    """Write both files."""
    for dialect, guards in (("sqlite", guards_of_sqlite()), ("postgresql", guards_of_postgresql())):
        file = guard_file(dialect)
        file.write_text(format_guards(guards), "utf-8")
        print(f"written: {file.name} ({len(guards)} triggers)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
