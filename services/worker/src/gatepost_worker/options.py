"""The options of a worker, from command-line arguments and environment variables."""

from __future__ import annotations

import argparse
import platform
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Final

from gatepost_client import BadSettings
from gatepost_client.settings import DEFAULT_DATA, is_loopback, server_url
from gatepost_worker.executors.executor_kind import InvalidOption
from gatepost_worker.executors.registry import executor_kinds
from gatepost_worker.executors.webhook_secrets import SECRETS_VARIABLE
from gatepost_worker.isolation.secret_reading import UnreadableSecret, is_path, read_secret
from gatepost_worker.log_setup import LogFormat, LogLevel

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
"""The worker names that the server accepts."""
_MAX_NAME_CHARS: Final = 63
_SECRET_NAME: Final = re.compile(
    r"SECRET|TOKEN|PASSWORD|PASSWD|API_?KEY|ACCESS_?KEY", re.IGNORECASE
)

_EPILOG: Final = """\
The environment variables GATEPOST_URL, GATEPOST_TOKEN, GATEPOST_WORKER_TOKEN_FILE,
GATEPOST_WORKER_NAME, GATEPOST_CONCURRENCY, GATEPOST_LEASE_S, GATEPOST_LOG_FORMAT and
GATEPOST_LOG_LEVEL set the defaults of the flags."""

TOKEN_FILE_VARIABLE: Final = "GATEPOST_WORKER_TOKEN_FILE"  # noqa: S105  # the name of a variable
DEFAULT_TOKEN_FILE: Final = "worker.token"  # noqa: S105  # a file's name


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The configuration of one worker."""

    url: str | None
    """The URL of the server; None means the client's default."""
    token: str = field(repr=False)
    """A token with the `worker` role."""
    name: str
    """The worker's name; events show it as `worker:NAME`."""
    concurrency: int
    """How many deployments run at once."""
    lease: timedelta
    """How long a claim lasts without a renewal."""
    executor_options: Mapping[str, object] = field(repr=False)
    """The options for each executor kind, by the name of the kind; they may contain secrets."""
    log_format: LogFormat
    log_level: LogLevel
    until_eof: bool
    """Whether the worker also stops at the end of standard input."""


def read_options(arguments: Sequence[str] | None, environment: Mapping[str, str]) -> Options:
    """Return the options; exit with the usage and code 2 if they are invalid."""
    parser = _build_parser(environment)
    parsed = parser.parse_args(arguments)
    try:
        parsed.token_is_visible = parsed.token is not None
        token, token_source = _read_token(parsed, environment)
        sources = [token_source, parsed.webhook_secrets or environment.get(SECRETS_VARIABLE)]
        parsed.secret_files = [source for source in sources if source and is_path(source)]
        parsed.secrets = [token, *_find_secret_values(environment)]
        executor_options = {
            name: kind.read_options(parsed, environment) for name, kind in executor_kinds().items()
        }
    except (InvalidOption, UnreadableSecret) as error:
        parser.error(f"{error}")
    return Options(
        url=parsed.url,
        token=token,
        name=parsed.name,
        concurrency=parsed.concurrency,
        lease=timedelta(seconds=parsed.lease_s),
        executor_options=executor_options,
        log_format=parsed.log_format,
        log_level=parsed.log_level,
        until_eof=parsed.until_eof,
    )


def _build_parser(environment: Mapping[str, str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="gatepost-worker",
        description="Carry out the deployments that Gatepost has queued, until stopped.",
        epilog=_build_epilog(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--version", action="version", version=f"gatepost-worker {version('gatepost-worker')}")
    add("--url", metavar="URL", help="URL of the server (default: GATEPOST_URL)")
    add("--token", help="a worker's token (default: GATEPOST_TOKEN); other accounts can see flags")
    add(
        "--token-file",
        metavar="FILE",
        help="file with the token, or /dev/fd/N for a descriptor, which is closed after reading, "
        "or - for the first line of standard input (default: GATEPOST_WORKER_TOKEN_FILE, or else "
        "worker.token in the data folder of a server on this machine)",
    )
    add(
        "--name",
        type=_parse_name,
        default=environment.get("GATEPOST_WORKER_NAME") or _unique_name(),
        help="unique name of this worker (default: the name of the machine and a random suffix)",
    )
    add(
        "--concurrency",
        metavar="N",
        type=_parse_number_from_1_to_1000,
        default=environment.get("GATEPOST_CONCURRENCY", "4"),
        help="how many deployments run at once (default: %(default)s)",
    )
    add(
        "--lease-s",
        metavar="S",
        type=_parse_number_from_1_to_1000,
        default=environment.get("GATEPOST_LEASE_S", "15"),
        help="seconds without a renewal after which another worker takes over "
        "(default: %(default)s)",
    )
    _add_log_options(parser, environment)
    add(
        "--until-eof",
        action="store_true",
        help="also stop at the end of standard input, so that the worker ends with the process "
        "that started it",
    )
    for kind in executor_kinds().values():
        kind.add_arguments(parser)
    return parser


def _add_log_options(parser: argparse.ArgumentParser, environment: Mapping[str, str]) -> None:
    parser.add_argument(
        "--log-format",
        choices=[*LogFormat],
        type=LogFormat,
        default=environment.get("GATEPOST_LOG_FORMAT") or LogFormat.TEXT,
        help="format of the log (default: %(default)s)",
    )
    parser.add_argument(
        "--log-level",
        choices=[*LogLevel],
        type=LogLevel,
        default=environment.get("GATEPOST_LOG_LEVEL") or LogLevel.INFO,
        help="minimum severity of log lines (default: %(default)s)",
    )


def _build_epilog() -> str:
    lines = [_EPILOG]
    for kind in executor_kinds().values():
        lines += [f"{name}: {description}." for name, description in kind.variables.items()]
    return "\n".join(lines)


def _read_token(
    parsed: argparse.Namespace, environment: Mapping[str, str]
) -> tuple[str, str | None]:
    """Return the token and the file or descriptor that it was read from, if any.

    The owner's token is never used.

    Raises:
        UnreadableSecret: there is no token, or it cannot be read.
    """
    if parsed.token is not None:
        return parsed.token, None
    if parsed.token_file is not None:
        return read_secret(parsed.token_file), parsed.token_file
    if token := environment.get("GATEPOST_TOKEN"):
        return token, None
    if source := environment.get(TOKEN_FILE_VARIABLE):
        return read_secret(source), source
    if not _is_on_this_machine(parsed.url or environment.get("GATEPOST_URL")):
        raise UnreadableSecret("there is no token: set GATEPOST_TOKEN or use --token-file.")
    source = str(Path(environment.get("GATEPOST_DATA") or DEFAULT_DATA, DEFAULT_TOKEN_FILE))
    try:
        return read_secret(source), source
    except UnreadableSecret as error:
        raise UnreadableSecret(
            f"there is no token: set GATEPOST_TOKEN or use --token-file. {error}"
        ) from error


def _is_on_this_machine(url: str | None) -> bool:
    """Return whether the server is on this machine, where the worker can read its token file."""
    try:
        return is_loopback(server_url(url))
    except BadSettings:
        return True  # the client reports the invalid URL


def _find_secret_values(environment: Mapping[str, str]) -> list[str]:
    """Return the values of variables with names that suggest a secret."""
    return [value for name, value in environment.items() if _SECRET_NAME.search(name) and value]


def _parse_name(text: str) -> str:
    if _NAME.fullmatch(text) is None:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a valid name: use up to 63 letters, digits, dots, hyphens and "
            "underscores, and start with a letter or digit"
        )
    return text


def _unique_name() -> str:
    """Return the name of the machine with a random suffix, so that no two workers share it."""
    suffix = secrets.token_hex(3)
    machine = re.sub(r"[^A-Za-z0-9._-]+", "-", platform.node()).lstrip("._-")
    return f"{machine[: _MAX_NAME_CHARS - 1 - len(suffix)] or 'worker'}-{suffix}"


def _parse_number_from_1_to_1000(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < int(text) <= 1000):  # noqa: PLR2004
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 1000")
    return int(text)
