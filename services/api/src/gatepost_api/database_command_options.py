"""The options of the commands that migrate, repair, back up and restore the database."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from gatepost_api.settings.backups_and_retention import parse_backup_interval, parse_backup_keep
from gatepost_api.settings.server import Settings, StorageLocation

AddCommand = Callable[..., argparse.ArgumentParser]


def add_database_commands(
    add_command: AddCommand, storage: argparse.ArgumentParser, default: Settings
) -> None:
    """Add the commands `migrate`, `rebuild-search-terms`, `backup` and `restore`."""
    migrate = add_command(
        "migrate", parents=[storage], help="migrate the database to the current schema, or move it"
    )
    migrate.add_argument(
        "--to",
        metavar="URL",
        help="move all data to this PostgreSQL database, or from PostgreSQL to this SQLite file",
    )
    add_command(
        "rebuild-search-terms",
        parents=[storage],
        help="repair the search terms of the deployments, even while the server is running",
    )
    backup = add_command(
        "backup", parents=[storage], help="back up the database, even while the server is running"
    )
    backup.add_argument(
        "destination",
        type=Path,
        metavar="DEST",
        help="an existing folder, or the path of the new backup",
    )
    backup.add_argument(
        "--with-keys",
        action="store_true",
        help="include the signing key and the token files; such a backup must be kept secret",
    )
    backup.add_argument(
        "--keep",
        type=parse_backup_keep,
        help="afterwards, remove the oldest backups in DEST so that this many remain",
    )
    backup.add_argument(
        "--signing-key",
        type=Path,
        default=default.signing_key,
        help="path to the key file that signs the backup (GATEPOST_SIGNING_KEY; DATA/signing.key)",
    )
    backup.add_argument("--json", action="store_true", help="print the result as JSON")
    restore = add_command(
        "restore", parents=[storage], help="restore a backup; the server must be stopped"
    )
    restore.add_argument("backup", type=Path, metavar="BACKUP", help="the backup folder")
    restore.add_argument(
        "--public-key", metavar="KEY", help="the server's public key, or a file that contains it"
    )
    restore.add_argument(
        "--replace",
        action="store_true",
        help="restore even if events would be lost; the current database is renamed and kept",
    )
    restore.add_argument("--json", action="store_true", help="print the result as JSON")


def add_backup_schedule_options(serve: argparse.ArgumentParser, default: Settings) -> None:
    """Add the options for the backups that a running server makes."""
    serve.add_argument(
        "--backup-every",
        type=parse_backup_interval,
        default=default.backup_every,
        metavar="TIME",
        help="interval between backups, such as 6h (GATEPOST_BACKUP_EVERY)",
    )
    serve.add_argument(
        "--backup-keep",
        type=parse_backup_keep,
        default=default.backup_keep,
        metavar="NUMBER",
        help="how many backups to keep (GATEPOST_BACKUP_KEEP; %(default)s)",
    )
    serve.add_argument(
        "--backup-to",
        type=Path,
        dest="backup_folder",
        default=default.backup_folder,
        metavar="FOLDER",
        help="folder for the backups, preferably on another machine (GATEPOST_BACKUP_TO)",
    )


def _run_migrate(options: argparse.Namespace, location: StorageLocation) -> int:
    if options.to is not None:
        from gatepost_api.server.backups.move_command import move  # noqa: PLC0415

        return move(location, options.to)
    from gatepost_api.server.migrate_command import migrate  # noqa: PLC0415

    return migrate(location)


def run_database_command(options: argparse.Namespace, location: StorageLocation) -> int:
    """Run one of these commands, and return the exit code."""
    if options.command == "migrate":
        return _run_migrate(options, location)
    if options.command == "rebuild-search-terms":
        from gatepost_api.server.search_term_command import rebuild_search_terms  # noqa: PLC0415

        return rebuild_search_terms(location)
    if options.command == "restore":
        from gatepost_api.server.backups.restoration import restore  # noqa: PLC0415

        return restore(
            location,
            options.backup,
            public_key=options.public_key,
            replace=options.replace,
            as_json=options.json,
        )
    from gatepost_api.server.backups.creation import back_up  # noqa: PLC0415

    return back_up(
        location,
        options.destination,
        signing_key=options.signing_key,
        with_keys=options.with_keys,
        keep=options.keep,
        as_json=options.json,
    )
