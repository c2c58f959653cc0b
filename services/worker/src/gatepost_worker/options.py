"""What an operator can set of a worker: by flag, or by an environment variable."""

from __future__ import annotations

import argparse
import platform
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain
from typing import Final

from gatepost_worker.executors.kind import InvalidOption
from gatepost_worker.executors.registry import executor_kinds

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
"""What Gatepost takes for a worker's name."""

_EPILOG: Final = """\
Each flag is also a variable: GATEPOST_URL, GATEPOST_TOKEN, GATEPOST_WORKER_NAME,
GATEPOST_CONCURRENCY, GATEPOST_LEASE_S and GATEPOST_ALLOW_COMMAND, whose paths are separated as
those of PATH.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a worker runs."""

    url: str | None
    """The server; where it is none, the client knows where to look."""
    token: str | None = field(repr=False)
    """As the URL."""
    name: str
    """By which people know the worker: `worker:NAME` in the events."""
    concurrency: int
    """How many tasks it carries out at once."""
    lease: timedelta
    """How long a claim is its own without a sign of life."""
    executor_options: Mapping[str, object] = field(repr=False)
    """The configuration of each executor kind, by its name; may hold secrets."""
    until_eof: bool
    """Whether it ends as well when its standard input does."""


def read(arguments: Sequence[str] | None, environment: Mapping[str, str]) -> Options:
    """The options that are given; on those that make no sense the process ends with their usage."""
    parser = _parser(environment)
    given = parser.parse_args(arguments)
    try:
        executor_options = {
            name: kind.read_options(given, environment) for name, kind in executor_kinds().items()
        }
    except InvalidOption as error:
        parser.error(f"{error}")
    return Options(
        url=given.url,
        token=given.token,
        name=given.name,
        concurrency=given.concurrency,
        lease=timedelta(seconds=given.lease_s),
        executor_options=executor_options,
        until_eof=given.until_eof,
    )


def _parser(environment: Mapping[str, str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="gatepost-worker",
        description="Carry out what Gatepost has approved, beside the targets, until told to end.",
        epilog=_epilog(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--url", metavar="URL", help="the server; GATEPOST_URL where it is absent")
    add("--token", help="a worker's token; GATEPOST_TOKEN where it is absent")
    add(
        "--name",
        type=_name,
        default=environment.get("GATEPOST_WORKER_NAME") or _name_of_this_machine(),
        help="what people know this worker by; %(default)s",
    )
    add(
        "--concurrency",
        metavar="N",
        type=_count,
        default=environment.get("GATEPOST_CONCURRENCY", "4"),
        help="how many tasks it carries out at once; %(default)s",
    )
    add(
        "--lease-s",
        metavar="S",
        type=_count,
        default=environment.get("GATEPOST_LEASE_S", "15"),
        help="after how long without a sign of life another worker takes over; %(default)s",
    )
    add(
        "--until-eof",
        action="store_true",
        help="end when standard input does: whoever started this, and holds it open, is gone",
    )
    for kind in executor_kinds().values():
        kind.add_arguments(parser)
    return parser


def _epilog() -> str:
    variables = (kind.variables.items() for kind in executor_kinds().values())
    lines = [f"{name}: {meaning}." for name, meaning in chain.from_iterable(variables)]
    return "\n".join([_EPILOG, *lines])


def _name(text: str) -> str:
    if _NAME.fullmatch(text) is None:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no name: it is up to 63 letters, digits, dots, dashes and underscores"
        )
    return text


def _name_of_this_machine() -> str:
    fitting = re.sub(r"[^A-Za-z0-9._-]+", "-", platform.node()).lstrip("._-")[:63]
    return fitting or "worker"


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < int(text) <= 1000):  # noqa: PLR2004
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to 1000")
    return int(text)
