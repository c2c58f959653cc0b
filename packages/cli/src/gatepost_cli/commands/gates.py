"""`gatepost gates`: why a deployment waits, who can act, and what the caller may do."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Final

from gatepost_cli.exits import Exit
from gatepost_cli.layout import instant, table
from gatepost_cli.word import Word, takes_a_deployment

if TYPE_CHECKING:
    from gatepost_cli.call import Call
    from gatepost_client.models import ActionOffer, Gate


def gates(call: Call, given: Namespace) -> Exit:
    """Answer with every gate before the start, and with what the caller may do now."""
    waits = call.gatepost.get_deployment_gates(given.deployment)
    before_it = _gates(waits.gates) if waits.gates else "No gates stand before it."
    call.answer(f"{before_it}\n\n{_offers(waits.actions)}", exactly=call.heard)
    return Exit.DONE


def _gates(found: list[Gate]) -> str:
    headings = ("gate", "state", "opens", "who can act", "why")
    return table(
        headings,
        (
            (
                gate.kind,
                gate.state,
                instant(gate.opens_at),
                ", ".join(gate.who_can_act),
                gate.message,
            )
            for gate in found
        ),
    )


def _offers(actions: list[ActionOffer]) -> str:
    headings = ("action", "you may", "why not")
    return table(
        headings,
        ((offer.action, "yes" if offer.allowed else "no", offer.reason) for offer in actions),
    )


WORD: Final = Word(
    name="gates",
    meaning="tell why a deployment waits, who can act, and what you may do",
    arguments=takes_a_deployment,
    run=gates,
)
