"""Write the triggers of the latest revision to the files that every database is compared with.

They are read from freshly migrated databases, so PostgreSQL's programs must be installed. Run it as
a module, `python -m tools.generate_triggers`, because it uses the PostgreSQL server of the tests.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from gatepost_persistence.postgres.engine import parse_url
from gatepost_persistence.postgres.ledger import query_database
from gatepost_persistence.sqlite.engine import open_read_connection
from gatepost_persistence.sqlite.ledger import migrate_file
from gatepost_persistence.triggers.expected_triggers import trigger_file
from gatepost_persistence.triggers.stored_triggers import read_triggers
from gatepost_persistence.triggers.trigger import Trigger, to_document
from tests.support.storage.postgres_cluster import TEMPLATE_DATABASE, running_cluster


def format_triggers(triggers: Sequence[Trigger]) -> str:
    """Return the text of a file."""
    return json.dumps(to_document(triggers), indent=2) + "\n"


def triggers_of_sqlite() -> Sequence[Trigger]:
    """Return the triggers in a new SQLite file."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "gatepost.db"
        migrate_file(file)
        with open_read_connection(file) as connection:
            return read_triggers(connection)


def triggers_of_postgresql() -> Sequence[Trigger]:
    """Return the triggers in a new database on a temporary PostgreSQL server."""
    with running_cluster() as cluster:
        url = parse_url(cluster.url(TEMPLATE_DATABASE))
        return asyncio.run(query_database(url, read_triggers))


def main() -> int:
    """Write both files."""
    for dialect, triggers in (
        ("sqlite", triggers_of_sqlite()),
        ("postgresql", triggers_of_postgresql()),
    ):
        file = trigger_file(dialect)
        file.write_text(format_triggers(triggers), "utf-8")
        print(f"written: {file.name} ({len(triggers)} triggers)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
