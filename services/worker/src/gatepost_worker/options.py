"""What an operator can set of a worker: by flag, or by an environment variable."""

from __future__ import annotations

import argparse
import os
import platform
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

from gatepost_worker.executors.command import CommandRules
from gatepost_worker.executors.executor import Takeover
from gatepost_worker.executors.webhook_signature import BadSecret, Signer

SECRET: Final = "GATEPOST_WEBHOOK_SECRET"  # noqa: S105  # a variable's name
"""Given by environment alone: every user of a machine can read the flags of its programs."""

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
"""What Gatepost takes for a worker's name."""

_EPILOG: Final = f"""\
Each flag is also a variable: GATEPOST_URL, GATEPOST_TOKEN, GATEPOST_WORKER_NAME,
GATEPOST_CONCURRENCY, GATEPOST_LEASE_S and GATEPOST_ALLOW_COMMAND, whose paths are separated as
those of PATH. {SECRET}, a whsec_ text, signs what CI engines are sent.
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
    commands: CommandRules
    signer: Signer | None = field(repr=False)
    until_eof: bool
    """Whether it ends as well when its standard input does."""


def read(arguments: Sequence[str] | None, environment: Mapping[str, str]) -> Options:
    """The options that are given; on those that make no sense the process ends with their usage."""
    parser = _parser(environment)
    given = parser.parse_args(arguments)
    programs = [
        *filter(None, environment.get("GATEPOST_ALLOW_COMMAND", "").split(os.pathsep)),
        *given.allow_command,
    ]
    if relative := [program for program in programs if not Path(program).is_absolute()]:
        parser.error(f"a program is allowed by its absolute path, not by {relative[0]!r}")
    try:
        signer = Signer(environment[SECRET]) if environment.get(SECRET) else None
    except BadSecret as error:
        parser.error(f"{SECRET}: {error}")
    return Options(
        url=given.url,
        token=given.token,
        name=given.name,
        concurrency=given.concurrency,
        lease=timedelta(seconds=given.lease_s),
        commands=CommandRules(
            allowed=frozenset(programs),
            takeover=Takeover.RERUN if given.rerun_commands else Takeover.FAIL,
        ),
        signer=signer,
        until_eof=given.until_eof,
    )


def _parser(environment: Mapping[str, str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="gatepost-worker",
        description="Carry out what Gatepost has approved, beside the targets, until told to end.",
        epilog=_EPILOG,
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
        "--allow-command",
        metavar="PATH",
        action="append",
        default=[],
        help="a program that targets may have run here, by absolute path; may be given again",
    )
    add(
        "--rerun-commands",
        action="store_true",
        help="run a program anew if its worker was lost; else the deployment fails",
    )
    add(
        "--until-eof",
        action="store_true",
        help="end when standard input does: whoever started this, and holds it open, is gone",
    )
    return parser


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
