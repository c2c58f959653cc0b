"""The `gatepost-server` command."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from gatepost_api.database_command_options import (
    add_backup_schedule_options,
    add_database_commands,
    run_database_command,
)
from gatepost_api.network_options import (
    add_address_options,
    add_github_options,
    add_outgoing_options,
    add_tls_options,
)
from gatepost_api.server.data_folder import restrict_new_files
from gatepost_api.server.garbage_collection import suspend_until_ready
from gatepost_api.server.user_arguments import AddCommand, add_user_commands, run_user_command
from gatepost_api.settings.backups_and_retention import (
    parse_ingest_retention_days,
    parse_message_retention_days,
)
from gatepost_api.settings.bad_settings import BadSettings
from gatepost_api.settings.environment_variables import parse_token_days, settings_from_environment
from gatepost_api.settings.log import parse_log_format, parse_log_level
from gatepost_api.settings.network import parse_rate_limit, parse_webhook_url
from gatepost_api.settings.server import Settings, StorageLocation
from gatepost_api.settings.server_version import VERSION

EXIT_USAGE: Final = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    _escape_unencodable_characters()
    try:
        return _run(_parser(settings_from_environment(os.environ)).parse_args(arguments))
    except BadSettings as error:
        sentence = str(error)
    except Exception as error:
        from gatepost_api.server.failure_sentences import describe_failure  # noqa: PLC0415

        described = describe_failure(error)
        if described is None:
            raise
        sentence = described
    print(f"gatepost-server: {sentence}", file=sys.stderr)  # noqa: T201  # output for the terminal
    return EXIT_USAGE


def _escape_unencodable_characters() -> None:
    """Write characters that standard output cannot encode as escapes, instead of failing."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _parser(default: Settings) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="gatepost-server", description="Gatepost, a self-hosted deployment control plane."
    )
    parser.add_argument("--version", action="version", version=f"gatepost-server {VERSION}")
    add_command = parser.add_subparsers(dest="command", required=True).add_parser
    storage = _storage_options(default.location)
    _add_serve(add_command, storage, default)
    _add_maintenance(add_command, storage)
    add_database_commands(add_command, storage, default)
    _add_demo(add_command, storage, default)
    add_user_commands(
        add_command,
        storage,
        add_url=lambda command: _add_url(command, default),
        local_token_days=default.local_token_days,
    )
    _add_openapi(add_command)
    return parser


def _storage_options(default: StorageLocation) -> argparse.ArgumentParser:
    """Return a parent parser with the options of every command that uses the storage."""
    storage = argparse.ArgumentParser(add_help=False)
    storage.add_argument(
        "--data",
        type=Path,
        default=default.data,
        help="folder for the database and the token files (GATEPOST_DATA; %(default)s)",
    )
    storage.add_argument(
        "--database-url",
        default=default.database_url,
        help="URL of a PostgreSQL database to use instead of SQLite (GATEPOST_DATABASE_URL)",
    )
    storage.add_argument(
        "--worker-token-file",
        type=Path,
        default=default.worker_token,
        help="path to the worker's token file (GATEPOST_WORKER_TOKEN_FILE; DATA/worker.token)",
    )
    return storage


def _add_serve(
    add_command: AddCommand, storage: argparse.ArgumentParser, default: Settings
) -> None:
    serve = add_command("serve", parents=[storage], help="run the API, the console and a worker")
    add_address_options(serve, default)
    add_tls_options(serve, default)
    add_outgoing_options(serve, default)
    add_github_options(serve, default)
    serve.add_argument(
        "--oidc",
        type=Path,
        default=default.oidc,
        help="TOML file with trusted identity providers and pipelines (GATEPOST_OIDC)",
    )
    serve.add_argument(
        "--oidc-create-users",
        action=argparse.BooleanOptionalAction,
        default=default.oidc_create_users,
        help="add users at their first sign-in (GATEPOST_OIDC_CREATE_USERS; as set in the file)",
    )
    serve.add_argument(
        "--no-worker",
        dest="worker",
        action="store_false",
        default=default.worker,
        help="run without a worker (GATEPOST_WORKER=false)",
    )
    serve.add_argument(
        "--rate-limit",
        type=parse_rate_limit,
        default=default.rate_limit,
        help="requests per user and minute, 0 for no limit (GATEPOST_RATE_LIMIT; %(default)s)",
    )
    serve.add_argument(
        "--local-token-days",
        type=parse_token_days,
        default=default.local_token_days,
        help="lifetime of the tokens in owner.token and worker.token, 0 for no expiry "
        "(GATEPOST_LOCAL_TOKEN_DAYS; %(default)s)",
    )
    serve.add_argument(
        "--ingest-keep-days",
        type=parse_ingest_retention_days,
        default=default.ingest_keep_days,
        help="how long delivery payloads are kept, in days (GATEPOST_INGEST_KEEP_DAYS; "
        "%(default)s)",
    )
    serve.add_argument(
        "--messages-keep-days",
        type=parse_message_retention_days,
        default=default.messages_keep_days,
        help="how long ended deliveries to webhooks and notifications are kept, in days "
        "(GATEPOST_MESSAGES_KEEP_DAYS; %(default)s)",
    )
    serve.add_argument(
        "--new-database",
        action="store_true",
        help="create an empty database even if the data folder's previous database is missing",
    )
    _add_log_options(serve, default)
    _add_checkpoint_options(serve, default)
    add_backup_schedule_options(serve, default)


def _add_log_options(serve: argparse.ArgumentParser, default: Settings) -> None:
    serve.add_argument(
        "--log-format",
        type=parse_log_format,
        default=default.log_format,
        help="log format: text or json (GATEPOST_LOG_FORMAT; %(default)s)",
    )
    serve.add_argument(
        "--log-level",
        type=parse_log_level,
        default=default.log_level,
        help="minimum log level: debug, info, warning or error (GATEPOST_LOG_LEVEL; %(default)s)",
    )


def _add_checkpoint_options(serve: argparse.ArgumentParser, default: Settings) -> None:
    serve.add_argument(
        "--signing-key",
        type=Path,
        default=default.signing_key,
        help="path to the key file that signs checkpoints (GATEPOST_SIGNING_KEY; DATA/signing.key)",
    )
    serve.add_argument(
        "--checkpoint-folder",
        type=Path,
        default=default.checkpoint_folder,
        help="additional folder for checkpoints, preferably on another machine "
        "(GATEPOST_CHECKPOINT_FOLDER)",
    )
    serve.add_argument(
        "--checkpoint-webhook",
        type=parse_webhook_url,
        default=default.checkpoint_webhook,
        help="URL to which checkpoints are sent (GATEPOST_CHECKPOINT_WEBHOOK)",
    )


def _add_maintenance(add_command: AddCommand, storage: argparse.ArgumentParser) -> None:
    verify = add_command(
        "verify",
        parents=[storage],
        help="verify the event log, and compare all stored data with it; exit code 1 if a fault is "
        "found",
    )
    verify.add_argument(
        "--checkpoint",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="a checkpoint that was kept elsewhere; can be repeated",
    )
    verify.add_argument(
        "--public-key",
        metavar="KEY",
        help="public key that verifies the checkpoints, or a file that contains it (default: "
        "DATA/signing.pub, which proves less)",
    )
    verify.add_argument("--json", action="store_true", help="print the result as JSON")


def _add_demo(add_command: AddCommand, storage: argparse.ArgumentParser, default: Settings) -> None:
    demo = add_command(
        "demo", parents=[storage], help="create demo users and a demo deployment request"
    )
    demo.add_argument(
        "--scenario",
        choices=["review", "promotion"],
        default="review",
        help="review: a request pending approval; promotion: a promotion to production "
        "(%(default)s)",
    )
    _add_url(demo, default)


def _add_url(command: argparse.ArgumentParser, default: Settings) -> None:
    command.add_argument(
        "--url",
        help="URL of the server (default: that of the server using the data folder, or else "
        f"{_default_url(default)})",
    )


def _default_url(default: Settings) -> str:
    """Return the URL of a server with the default address."""
    return f"http://{default.host}:{default.port}"


def _add_openapi(add_command: AddCommand) -> None:
    openapi = add_command("openapi", help="write the OpenAPI document")
    openapi.add_argument("--output", type=Path, help="file to write (default: standard output)")
    openapi.add_argument(
        "--check", action="store_true", help="only check whether the file is up to date"
    )


def _run(options: argparse.Namespace) -> int:
    """Run the command.

    Each command is imported only when it is run, which keeps start-up fast.
    """
    if options.command == "openapi":
        from gatepost_api.openapi.export import export  # noqa: PLC0415

        return export(options.output, check=options.check)
    restrict_new_files()
    location = StorageLocation(
        data=options.data,
        database_url=options.database_url or None,
        worker_token=options.worker_token_file,
    )
    match options.command:
        case "serve":
            suspend_until_ready()
            from gatepost_api.server_start import serve  # noqa: PLC0415

            return serve(_settings(options, location))
        case "migrate" | "rebuild-search-terms" | "backup" | "restore":
            return run_database_command(options, location)
        case "demo":
            return _run_demo(options, location)
        case "users" | "tokens" | "sign-in-link":
            return run_user_command(
                options, location, lambda: _address_for_people(options, location)
            )
        case _:
            return _run_verify(options, location)


def _run_verify(options: argparse.Namespace, location: StorageLocation) -> int:
    from gatepost_api.server.verify_command import verify  # noqa: PLC0415

    return verify(
        location,
        checkpoint_files=options.checkpoint,
        public_key=options.public_key,
        as_json=options.json,
    )


def _settings(options: argparse.Namespace, location: StorageLocation) -> Settings:
    return Settings(
        location=location,
        host=options.host,
        port=options.port,
        allowed_hosts=options.allowed_hosts,
        behind_proxy=options.behind_proxy,
        trusted_proxies=options.trusted_proxies,
        public_url=options.public_url,
        cors_origins=options.cors_origins,
        tls_certificate=options.tls_certificate,
        tls_key=options.tls_key,
        oidc=options.oidc,
        oidc_create_users=options.oidc_create_users,
        worker=options.worker,
        rate_limit=options.rate_limit,
        local_token_days=options.local_token_days,
        github_app=options.github_app or None,
        github_app_key=options.github_app_key,
        github_api=options.github_api,
        ingest_keep_days=options.ingest_keep_days,
        messages_keep_days=options.messages_keep_days,
        signing_key=options.signing_key,
        checkpoint_folder=options.checkpoint_folder,
        checkpoint_webhook=options.checkpoint_webhook,
        outgoing_allow=options.outgoing_allow,
        log_format=options.log_format,
        log_level=options.log_level,
        backup_every=options.backup_every,
        backup_keep=options.backup_keep,
        backup_folder=options.backup_folder,
        new_database=options.new_database,
    )


def _run_demo(options: argparse.Namespace, location: StorageLocation) -> int:
    if options.scenario == "promotion":
        from gatepost_api.demo.promotion_scenario import seed_promotion_demo  # noqa: PLC0415

        return seed_promotion_demo(location, url=_server_url(options, location))
    from gatepost_api.demo.seed import seed_review_demo  # noqa: PLC0415

    return seed_review_demo(location, url=_server_url(options, location))


def _address_for_people(options: argparse.Namespace, location: StorageLocation) -> str:
    """Return the URL for links: the given or public URL, or that of the local server."""
    from gatepost_api.server.address_file import find_address_for_people  # noqa: PLC0415

    public: str | None = options.url or settings_from_environment(os.environ).address_for_people
    return public or find_address_for_people(location.data) or _server_url(options, location)


def _server_url(options: argparse.Namespace, location: StorageLocation) -> str:
    """Return the given URL, or else that of the server running with the data folder."""
    if options.url:
        given: str = options.url
        return given
    from gatepost_api.server.address_file import find_server_url  # noqa: PLC0415

    default = _default_url(settings_from_environment(os.environ))
    return find_server_url(location.data, default=default)
