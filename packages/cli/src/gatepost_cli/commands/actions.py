"""`gatepost approve`, `reject`, `start` and the like: what people do to a deployment."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from gatepost_cli.exits import Exit
from gatepost_cli.word import Word, takes_a_deployment

if TYPE_CHECKING:
    from gatepost_cli.call import Call
    from gatepost_client import Gatepost
    from gatepost_client.models import ActionBody, Deployment, ReasonBody

    Noted = Callable[[Gatepost], Callable[[str, ActionBody], Deployment]]
    Reasoned = Callable[[Gatepost], Callable[[str, ReasonBody], Deployment]]

_NOTED: Final[dict[str, tuple[str, Noted]]] = {
    "start": ("record that the rollout begins", lambda gatepost: gatepost.start_deployment),
    "succeed": ("record that the rollout worked", lambda gatepost: gatepost.succeed_deployment),
}
"""What may be said a word about."""

_REASONED: Final[dict[str, tuple[str, Reasoned]]] = {
    "reject": ("refuse a deployment, for good", lambda gatepost: gatepost.reject_deployment),
    "fail": ("record that the rollout did not work", lambda gatepost: gatepost.fail_deployment),
    "cancel": ("take a deployment back before it starts", lambda it: it.cancel_deployment),
}
"""What the record wants a reason for."""


def approve(call: Call, given: Namespace) -> Exit:
    """Consent, in the stage that is open."""
    from gatepost_client.models import ApproveBody  # noqa: PLC0415

    body = ApproveBody(note=given.note, stage=given.stage)
    return _tell(call, call.gatepost.approve_deployment(given.deployment, body))


def rollback(call: Call, given: Namespace) -> Exit:
    """Record that it was reverted and, where asked, ask for what stood before."""
    from gatepost_client.models import RollbackBody  # noqa: PLC0415

    body = RollbackBody(note=given.note, redeploy=given.redeploy)
    done = call.gatepost.rollback_deployment(given.deployment, body)
    by = f" {done.rolled_back_by} redeploys what stood before." if done.rolled_back_by else ""
    call.answer(f"{done.number} is {done.status} ({done.review.label}).{by}", exactly=call.heard)
    return Exit.DONE


def promote(call: Call, given: Namespace) -> Exit:
    """Ask for the same version in the next environment."""
    from gatepost_client.models import PromoteBody  # noqa: PLC0415

    body = PromoteBody(environment=given.to, risk=given.risk, note=given.note)
    return _tell(call, call.gatepost.promote_deployment(given.deployment, body))


def _noted(action: Noted) -> Callable[[Call, Namespace], Exit]:
    def act(call: Call, given: Namespace) -> Exit:
        from gatepost_client.models import ActionBody  # noqa: PLC0415

        body = ActionBody(note=given.note)
        return _tell(call, action(call.gatepost)(given.deployment, body))

    return act


def _reasoned(action: Reasoned) -> Callable[[Call, Namespace], Exit]:
    def act(call: Call, given: Namespace) -> Exit:
        from gatepost_client.models import ReasonBody  # noqa: PLC0415

        body = ReasonBody(note=given.note)
        return _tell(call, action(call.gatepost)(given.deployment, body))

    return act


def _tell(call: Call, done: Deployment) -> Exit:
    text = f"{done.number} is {done.status} ({done.review.label})."
    call.answer(text, exactly=call.heard)
    return Exit.DONE


def _takes_a_note(parser: ArgumentParser) -> None:
    takes_a_deployment(parser)
    parser.add_argument("--note", help="what there is to say; it stays with the deployment")


def _takes_note_and_stage(parser: ArgumentParser) -> None:
    _takes_a_note(parser)
    parser.add_argument("--stage", help="the stage that is meant; refused if another one is open")


def _takes_a_reason(parser: ArgumentParser) -> None:
    takes_a_deployment(parser)
    parser.add_argument("--note", required=True, help="why; it stays with the deployment")


def _takes_a_redeploy(parser: ArgumentParser) -> None:
    _takes_a_reason(parser)
    parser.add_argument(
        "--redeploy",
        action="store_true",
        help="ask for the last known good version too, and block this one there",
    )


def _takes_a_way(parser: ArgumentParser) -> None:
    _takes_a_note(parser)
    parser.add_argument(
        "--to", metavar="ENVIRONMENT", help="where to; the next one by policy if it is left out"
    )
    parser.add_argument("--risk", help="what could go wrong there, if not what was told before")


WORDS: Final = (
    Word(
        name="approve",
        meaning="consent to a deployment, as a reviewer",
        arguments=_takes_note_and_stage,
        run=approve,
    ),
    *(
        Word(name=name, meaning=meaning, arguments=_takes_a_note, run=_noted(action))
        for name, (meaning, action) in _NOTED.items()
    ),
    *(
        Word(name=name, meaning=meaning, arguments=_takes_a_reason, run=_reasoned(action))
        for name, (meaning, action) in _REASONED.items()
    ),
    Word(
        name="rollback",
        meaning="record that it was reverted; with --redeploy, go back to what stood before",
        arguments=_takes_a_redeploy,
        run=rollback,
    ),
    Word(
        name="promote",
        meaning="ask for what succeeded in the next environment",
        arguments=_takes_a_way,
        run=promote,
    ),
)
