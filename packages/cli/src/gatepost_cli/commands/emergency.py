"""`gatepost override`, `break-glass`, `after-review`: the ways round, each with its reason."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Final

from gatepost_cli.exits import Exit
from gatepost_cli.layout import instant
from gatepost_cli.word import Word, takes_a_deployment

if TYPE_CHECKING:
    from gatepost_cli.call import Call

GATES: Final = ("promotion", "soak", "freeze", "order", "after_review")
"""What can be passed with a reason."""


def override(call: Call, given: Namespace) -> Exit:
    """Pass one gate of a deployment."""
    from gatepost_client.models import GateKind, OverrideBody  # noqa: PLC0415

    body = OverrideBody(gate=GateKind(given.gate), reason=given.reason)
    done = call.gatepost.override_gate(given.deployment, body)
    call.answer(f"{done.number} passes its gate {given.gate}.", exactly=call.heard)
    return Exit.DONE


def break_glass(call: Call, given: Namespace) -> Exit:
    """Approve without the reviewers."""
    from gatepost_client.models import BreakGlassBody  # noqa: PLC0415

    body = BreakGlassBody(reason=given.reason, incident=given.incident)
    done = call.gatepost.break_glass(given.deployment, body)
    owed = done.after_review
    due = "" if owed is None else f" Its after-review is due {instant(owed.due_at)}."
    call.answer(f"{done.number} is {done.status} by break-glass.{due}", exactly=call.heard)
    return Exit.DONE


def after_review(call: Call, given: Namespace) -> Exit:
    """Judge a break-glass afterwards."""
    from gatepost_client.models import AfterReviewBody, Verdict  # noqa: PLC0415

    body = AfterReviewBody(verdict=Verdict(given.verdict), note=given.note)
    done = call.gatepost.close_after_review(given.deployment, body)
    call.answer(f"The break-glass of {done.number} was {given.verdict}.", exactly=call.heard)
    return Exit.DONE


def _takes_a_gate(parser: ArgumentParser) -> None:
    takes_a_deployment(parser)
    parser.add_argument("gate", choices=GATES, help="which one")
    _takes_a_reason(parser)


def _takes_an_incident(parser: ArgumentParser) -> None:
    takes_a_deployment(parser)
    parser.add_argument("--incident", required=True, help="what the emergency is known by")
    _takes_a_reason(parser)


def _takes_a_verdict(parser: ArgumentParser) -> None:
    takes_a_deployment(parser)
    parser.add_argument("verdict", choices=("justified", "unjustified"), help="what you think")
    parser.add_argument("--note", required=True, help="what that rests on; it stays for ever")


def _takes_a_reason(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--reason", required=True, help="why, in 10 characters or more; it stays for ever"
    )


WORDS: Final = (
    Word(
        name="override",
        meaning="pass one gate of a deployment, in an emergency",
        arguments=_takes_a_gate,
        run=override,
    ),
    Word(
        name="break-glass",
        meaning="approve a deployment without its reviewers, in an emergency",
        arguments=_takes_an_incident,
        run=break_glass,
    ),
    Word(
        name="after-review",
        meaning="judge a break-glass afterwards, as a reviewer",
        arguments=_takes_a_verdict,
        run=after_review,
    ),
)
