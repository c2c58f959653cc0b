"""`gatepost unblock` and `release`: what may be deployed again."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Final

from gatepost_cli.exits import Exit
from gatepost_cli.word import Word

if TYPE_CHECKING:
    from gatepost_cli.call import Call


def unblock(call: Call, given: Namespace) -> Exit:
    """Let a version that was rolled back be deployed there again."""
    from gatepost_client.models import UnblockBody  # noqa: PLC0415

    where = given.environment
    body = UnblockBody(environment=where, reason=given.reason)
    call.gatepost.unblock_version(given.service, given.version, body)
    text = f"{given.version} of {given.service} may be deployed to {where} again."
    call.answer(text, exactly=call.heard)
    return Exit.DONE


def release(call: Call, given: Namespace) -> Exit:
    """Let what policies promote by themselves go there again."""
    from gatepost_client.models import ReleaseBody  # noqa: PLC0415

    call.gatepost.release_hold(given.service, given.environment, ReleaseBody(reason=given.reason))
    text = f"{given.service} is promoted to {given.environment} by itself again."
    call.answer(text, exactly=call.heard)
    return Exit.DONE


def _takes_a_version(parser: ArgumentParser) -> None:
    parser.add_argument("service")
    parser.add_argument("version")
    parser.add_argument(
        "--in", required=True, dest="environment", metavar="ENVIRONMENT", help="where"
    )
    parser.add_argument("--reason", required=True, help="why; it stays for ever")


def _takes_a_lane(parser: ArgumentParser) -> None:
    parser.add_argument("service")
    parser.add_argument("environment")
    parser.add_argument("--reason", required=True, help="why; it stays for ever")


WORDS: Final = (
    Word(
        name="unblock",
        meaning="let a version that was rolled back be deployed there again",
        arguments=_takes_a_version,
        run=unblock,
    ),
    Word(
        name="release",
        meaning="let a service be promoted by itself again",
        arguments=_takes_a_lane,
        run=release,
    ),
)
