"""The `gatepost-server` command."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from gatepost_api.settings.server import (
    BadSettings,
    Settings,
    StorageLocation,
    parse_host_names,
    settings_from_environment,
)
from gatepost_api.settings.version import VERSION
from gatepost_domain.access.roles import Role
from gatepost_domain.access.users import UserKind

EXIT_USAGE: Final = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the answer is the exit code."""
    _escape_unencodable_characters()
    try:
        return _run(_parser(settings_from_environment(os.environ)).parse_args(arguments))
    except BadSettings as error:
        print(f"gatepost-server: {error}", file=sys.stderr)  # noqa: T201  # this is the terminal's
        return EXIT_USAGE


def _escape_unencodable_characters() -> None:
    """Write characters that standard output cannot encode as escapes, instead of failing."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


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
        default=default.location.data,
        help="folder of the database and the owner's token (GATEPOST_DATA; %(default)s)",
    )
    data.add_argument(
        "--database-url",
        default=default.location.database_url,
        help="database of a PostgreSQL server, instead of a file (GATEPOST_DATABASE_URL)",
    )

    serve = commands.add_parser(
        "serve", parents=[data], help="run the API and a worker on this machine"
    )
    serve.add_argument(
        "--host", default=default.host, help="address to listen at (GATEPOST_HOST; %(default)s)"
    )
    serve.add_argument(
        "--port",
        type=int,
        default=default.port,
        help="port to listen at, 0 for any free one (GATEPOST_PORT; %(default)s)",
    )
    serve.add_argument(
        "--allowed-hosts",
        type=parse_host_names,
        default=default.allowed_hosts,
        help="names it goes by, separated by commas (GATEPOST_ALLOWED_HOSTS)",
    )
    serve.add_argument(
        "--behind-proxy",
        action="store_true",
        default=default.behind_proxy,
        help="a proxy that speaks TLS stands before it (GATEPOST_BEHIND_PROXY)",
    )
    serve.add_argument(
        "--tls-certificate",
        type=Path,
        default=default.tls_certificate,
        help="PEM file to speak TLS with (GATEPOST_TLS_CERTIFICATE)",
    )
    serve.add_argument(
        "--tls-key",
        type=Path,
        default=default.tls_key,
        help="PEM file of its key (GATEPOST_TLS_KEY)",
    )
    serve.add_argument(
        "--oidc",
        type=Path,
        default=default.oidc,
        help="TOML file of the identity provider and the pipelines to trust (GATEPOST_OIDC)",
    )
    serve.add_argument(
        "--no-worker",
        dest="worker",
        action="store_false",
        default=default.worker,
        help="run the API alone (GATEPOST_WORKER=false)",
    )
    commands.add_parser("migrate", parents=[data], help="bring the database up to date, and stop")
    commands.add_parser(
        "verify", parents=[data], help="check that no event was changed, removed or slipped in"
    )
    demo = commands.add_parser("demo", parents=[data], help="people and a request to play with")
    demo.add_argument(
        "--scenario",
        choices=["review", "promotion"],
        default="review",
        help="a request that waits for review, or a change on its way to production (%(default)s)",
    )
    demo.add_argument(
        "--url",
        default=f"http://{default.host}:{default.port}",
        help="where the server is, or will be (%(default)s)",
    )
    users = commands.add_parser("users", help="make people known").add_subparsers(
        dest="users_command", required=True
    )
    add = users.add_parser("add", parents=[data], help="make somebody known, and print a token")
    add.add_argument("name", help="what they are called")
    add.add_argument("--kind", choices=[*UserKind], default=UserKind.HUMAN, type=UserKind)
    add.add_argument("--role", choices=[*Role], type=Role, action="append", default=[])
    add.add_argument("--group", action="append", default=[], help="such as qa or devops")
    another = users.add_parser(
        "token", parents=[data], help="print another token of somebody who is known"
    )
    another.add_argument("name", help="what they are called")
    link = commands.add_parser(
        "sign-in-link", parents=[data], help="print a link that signs a browser in, once"
    )
    link.add_argument("name", nargs="?", default="owner", help="whom it signs in (%(default)s)")
    link.add_argument(
        "--url",
        default=f"http://{default.host}:{default.port}",
        help="where the server is (%(default)s)",
    )
    document = commands.add_parser("openapi", help="write the OpenAPI document")
    document.add_argument("--output", type=Path, help="file to write (standard output)")
    document.add_argument(
        "--check", action="store_true", help="only tell whether the file is up to date"
    )
    return parser


def _run(options: argparse.Namespace) -> int:
    """Each command is imported only when it is asked for, so that every one starts fast."""
    if options.command == "openapi":
        from gatepost_api.openapi.export import export  # noqa: PLC0415

        return export(options.output, check=options.check)
    location = StorageLocation(data=options.data, database_url=options.database_url or None)
    match options.command:
        case "serve":
            from gatepost_api.serve import serve  # noqa: PLC0415

            return serve(
                Settings(
                    location=location,
                    host=options.host,
                    port=options.port,
                    allowed_hosts=options.allowed_hosts,
                    behind_proxy=options.behind_proxy,
                    tls_certificate=options.tls_certificate,
                    tls_key=options.tls_key,
                    oidc=options.oidc,
                    worker=options.worker,
                )
            )
        case "migrate":
            from gatepost_api.server.maintenance import migrate  # noqa: PLC0415

            return migrate(location)
        case "demo":
            return _run_demo(options, location)
        case "users" | "sign-in-link":
            return _run_user_command(options, location)
        case _:
            from gatepost_api.server.maintenance import verify  # noqa: PLC0415

            return verify(location)


def _run_demo(options: argparse.Namespace, location: StorageLocation) -> int:
    if options.scenario == "promotion":
        from gatepost_api.demo.promotion_scenario import demo_promotion  # noqa: PLC0415

        return demo_promotion(location, url=options.url)
    from gatepost_api.demo.seed import demo  # noqa: PLC0415

    return demo(location)


def _run_user_command(options: argparse.Namespace, location: StorageLocation) -> int:
    from gatepost_api.server import user_commands  # noqa: PLC0415

    if options.command == "sign-in-link":
        return user_commands.print_sign_in_link(location, options.name, url=options.url)
    if options.users_command == "token":
        return user_commands.print_token(location, options.name)
    return user_commands.add_user(
        location,
        options.name,
        kind=options.kind,
        roles=options.role,
        groups=options.group,
    )
