"""The `gatepost-server` command."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from gatepost_api.settings import BadSettings, Settings, defaults
from gatepost_api.version import VERSION

EXIT_USAGE: Final = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the answer is the exit code."""
    try:
        return _run(_parser(defaults(os.environ)).parse_args(arguments))
    except BadSettings as error:
        print(f"gatepost-server: {error}", file=sys.stderr)  # noqa: T201  # this is the terminal's
        return EXIT_USAGE


def _parser(default: Settings) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="gatepost-server", description="The record and gate of what is deployed where."
    )
    parser.add_argument("--version", action="version", version=f"gatepost-server {VERSION}")
    commands = parser.add_subparsers(dest="command", required=True)

    data = argparse.ArgumentParser(add_help=False)
    data.add_argument(
        "--data",
        type=Path,
        default=default.data,
        help="folder of the database and the owner's token (GATEPOST_DATA; %(default)s)",
    )

    serve = commands.add_parser("serve", parents=[data], help="run the API on this machine")
    serve.add_argument(
        "--host", default=default.host, help="address to listen at (GATEPOST_HOST; %(default)s)"
    )
    serve.add_argument(
        "--port",
        type=int,
        default=default.port,
        help="port to listen at, 0 for any free one (GATEPOST_PORT; %(default)s)",
    )
    commands.add_parser("migrate", parents=[data], help="bring the database up to date, and stop")
    commands.add_parser(
        "verify", parents=[data], help="check that no event was changed, removed or slipped in"
    )
    document = commands.add_parser("openapi", help="write the OpenAPI document")
    document.add_argument("--output", type=Path, help="file to write (standard output)")
    document.add_argument(
        "--check", action="store_true", help="only tell whether the file is up to date"
    )
    return parser


def _run(options: argparse.Namespace) -> int:
    """Each command is imported only when it is asked for, so that every one starts fast."""
    match options.command:
        case "serve":
            from gatepost_api.serving import serve  # noqa: PLC0415

            return serve(Settings(data=options.data, host=options.host, port=options.port))
        case "migrate":
            from gatepost_api.upkeep import migrate  # noqa: PLC0415

            return migrate(options.data)
        case "verify":
            from gatepost_api.upkeep import verify  # noqa: PLC0415

            return verify(options.data)
        case _:
            from gatepost_api.openapi.export import export  # noqa: PLC0415

            return export(options.output, check=options.check)
