"""`gatepost request`: ask for a version in an environment and, if wanted, wait for the outcome."""

from __future__ import annotations

import math
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from typing import TYPE_CHECKING, Final

from gatepost_cli import terminal
from gatepost_cli.exits import Exit
from gatepost_cli.word import BadUsage, Word

if TYPE_CHECKING:
    from gatepost_cli.call import Call


def arguments(parser: ArgumentParser) -> None:
    """What the record of a deployment cannot be without, and how to wait."""
    # argparse would put service and version last, where --work takes them for references.
    parser.usage = (
        "%(prog)s SERVICE VERSION --to ENVIRONMENT --work REF... --rollback-plan TEXT [OPTION...]"
    )
    parser.add_argument("service", metavar="SERVICE")
    parser.add_argument("version", metavar="VERSION", help="a registered version of the service")
    parser.add_argument("--to", required=True, metavar="ENVIRONMENT", help="where it is to run")
    parser.add_argument(
        "--work",
        required=True,
        nargs="+",
        action="extend",
        metavar="REF",
        help="the work it carries out, such as SHOP-812",
    )
    parser.add_argument("--rollback-plan", required=True, metavar="TEXT", help="how to go back")
    parser.add_argument(
        "--risk", metavar="TEXT", help="what could go wrong; production asks for it"
    )
    parser.add_argument("--notes", metavar="TEXT", help="what else there is to say")
    parser.add_argument(
        "--idempotency-key",
        metavar="KEY",
        help="makes a repeat safe: the same key asks for one deployment, however often it is sent",
    )
    parser.add_argument("--wait", action="store_true", help="wait until the deployment has ended")
    parser.add_argument(
        "--timeout", type=_seconds, metavar="S", help="wait at most so many seconds"
    )


def request(call: Call, given: Namespace) -> Exit:
    """Answer with the number; with `--wait`, end as the deployment does."""
    from gatepost_client.models import DeploymentCreate  # noqa: PLC0415

    if given.timeout is not None and not given.wait:
        raise BadUsage("--timeout says how long to --wait")
    wanted = DeploymentCreate(
        service=given.service,
        version=given.version,
        environment=given.to,
        work_references=given.work,
        rollback_plan=given.rollback_plan,
        risk=given.risk,
        notes=given.notes,
    )
    asked = call.gatepost.create_deployment(wanted, idempotency_key=given.idempotency_key)
    if not given.wait:
        call.answer(asked.number, exactly=call.heard)
        return Exit.DONE
    return _wait(call, asked.number, math.inf if given.timeout is None else given.timeout)


def _wait(call: Call, number: str, timeout_s: float) -> Exit:
    """People and scripts learn the number at once, a reader of JSON how it stood at the end."""
    from gatepost_cli.following import follow  # noqa: PLC0415

    if not call.as_json:
        terminal.answer(number)
    ended, exactly = follow(call, number, timeout_s=timeout_s)
    if call.as_json:
        call.answer(number, exactly=exactly)
    return ended


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if seconds > 0:
        return seconds
    raise ArgumentTypeError(f"{text!r} is no number of seconds to wait")


WORD: Final = Word(
    name="request",
    meaning="ask for a version to be deployed, and print the number of the deployment",
    arguments=arguments,
    run=request,
)
