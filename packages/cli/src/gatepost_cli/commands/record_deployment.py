"""`gatepost record`: tell of a deployment that happened elsewhere."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Final

from gatepost_cli.exits import Exit
from gatepost_cli.layout import instant
from gatepost_cli.word import Word, an_instant

if TYPE_CHECKING:
    from gatepost_cli.call import Call


def arguments(parser: ArgumentParser) -> None:
    """What happened, and whatever else is known of it."""
    parser.add_argument("service", metavar="SERVICE")
    parser.add_argument("version", metavar="VERSION", help="a registered version of the service")
    parser.add_argument("--in", required=True, dest="environment", metavar="ENVIRONMENT")
    parser.add_argument(
        "--at", type=an_instant, metavar="TIME", help="when: 2026-11-20T09:30:00Z (now)"
    )
    parser.add_argument("--by", metavar="NAME", help="who carried it out (you)")
    parser.add_argument("--notes", metavar="TEXT", help="what else there is to say")
    parser.add_argument(
        "--external-id",
        metavar="ID",
        help="what it is known by where it comes from; the same one twice is one record",
    )


def record(call: Call, given: Namespace) -> Exit:
    """Answer with the number of the record."""
    from gatepost_client.models import RecordCreate  # noqa: PLC0415

    told = call.gatepost.record_deployment(
        RecordCreate(
            service=given.service,
            environment=given.environment,
            version=given.version,
            deployed_at=given.at,
            deployed_by=given.by,
            notes=given.notes,
            external_id=given.external_id,
        )
    )
    when = instant(told.deployed_at)
    call.answer(
        f"{told.number}: {told.service} {told.version} in {told.environment} since {when}.",
        exactly=call.heard,
    )
    return Exit.DONE


WORD: Final = Word(
    name="record",
    meaning="record a deployment that happened elsewhere",
    arguments=arguments,
    run=record,
)
