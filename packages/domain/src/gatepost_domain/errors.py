"""The refusals: each named for the fact, with a stable code and the values that explain it.

Refusal
├── Invalid                  the request breaks a rule of input or creation
├── Unknown                  what it names does not exist
├── AlreadyExists            the name is taken
├── Archived                 it is kept for its history and takes nothing new
├── ActionRefused            the deployment does not admit the action as it stands
│   ├── TransitionRefused    its status does not
│   ├── GateNotOpen          something it waits for is not there yet
│   ├── RecordIsImmutable    it happened elsewhere, and nothing can be done to it any more
│   ├── NotARecord           it happened here, and what happened here is never hidden
│   ├── GateIsOpen           there is no gate of that kind to pass
│   ├── NothingToJudge       no after-review is owed
│   ├── ClaimLost            another worker has it by now, or it has ended
│   ├── AlreadyPromoted      it was asked for there already, from this deployment
│   └── NoKnownGood          nothing stood there that could be redeployed
├── VersionBlocked           the version was rolled back there and may not be deployed again
├── NotBlocked               the version is not blocked there
├── NotHeld                  nothing holds automatic promotion there
├── StageNotOpen             the stage named is not the one that is open
├── FreezeIsOver             there is nothing left to lift
├── ReviewerMayNotStart      the policy wants another person to start it than its reviewers
├── Stale                    the caller expected another revision
├── Overtaken                somebody else changed it at the same time
├── KeyReused                an idempotency key came back with another request
├── Unauthenticated          the credential opens nothing, or nothing any more
└── Denied                   this actor may not; the attempt itself is recorded
    ├── Forbidden            no role of theirs allows it
    ├── ActAsForbidden       they may not speak for another
    ├── SignInDenied         whom the identity provider vouches for may not come in
    ├── AfterReviewOwed      an earlier break-glass must be judged before the next one
    └── ReviewDenied         a review that may not count
        ├── SelfReview       the requester reviewed their own deployment
        ├── NotEligible      no rule of the open stage asks for this reviewer
        ├── AlreadyReviewed  this person's consent is already counted
        ├── OwnBreakGlass    whoever broke the glass judged it themselves
        └── NotEligibleAfterwards  no rule of any stage asks for this reviewer
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uuid import UUID

    from gatepost_domain.access.roles import Right
    from gatepost_domain.event import Event
    from gatepost_domain.gates.gate import Gate
    from gatepost_domain.gates.restrictions import VersionBlock
    from gatepost_domain.status import Action, Status


class Refusal(Exception):
    """A rule says no. Nothing has changed.

    `code` is stable and for programs, the message is a sentence for people.
    """

    code: str
    record: Event | None = None
    """The event that the attempt leaves, where it must not pass unseen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong with an input: which field, a stable code, and a sentence."""

    field: str
    """A path below the input's root, `/`-separated: `risk`, `rules/0/required`."""
    code: str
    detail: str


class Invalid(Refusal):
    """The input breaks a rule. Every fault found is listed; the first one names the code."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(" ".join(fault.detail for fault in faults))
        self.faults = faults
        self.code = faults[0].code


class Unknown(Refusal):
    """What was addressed does not exist."""

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(f"There is no {kind} {name}.")
        self.kind = kind
        self.name = name
        self.code = f"unknown_{kind}"


class AlreadyExists(Refusal):
    """The name is taken; what holds it is untouched."""

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(f"The {kind} {name} exists already.")
        self.kind = kind
        self.name = name
        self.code = f"{kind}_exists"


class Archived(Refusal):
    """It is kept for its history and takes nothing new until somebody revives it."""

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(f"The {kind} {name} is archived; it takes nothing new until revived.")
        self.kind = kind
        self.name = name
        self.code = f"{kind}_archived"


class ActionRefused(Refusal):
    """The deployment does not admit the action as it stands; `allowed` is what its status does."""

    def __init__(self, sentence: str, *, status: Status, allowed: tuple[Action, ...]) -> None:
        super().__init__(sentence)
        self.status = status
        self.allowed = allowed


class TransitionRefused(ActionRefused):
    """The deployment's status does not admit the action."""

    code = "transition_refused"

    def __init__(self, status: Status, action: Action, allowed: tuple[Action, ...]) -> None:
        can = ", ".join(allowed) if allowed else "nothing more"
        to = action.replace("_", " ")
        sentence = f"To {to} is not possible while the deployment is {status}; possible: {can}."
        super().__init__(sentence, status=status, allowed=allowed)
        self.action = action


class GateNotOpen(ActionRefused):
    """A gate is not open, so the deployment cannot start now; the gate's code is this one's."""

    def __init__(self, gate: Gate, status: Status, allowed: tuple[Action, ...]) -> None:
        super().__init__(gate.message, status=status, allowed=allowed)
        self.gate = gate
        self.code = gate.code


class RecordIsImmutable(ActionRefused):
    """It happened elsewhere and was told afterwards; a later record takes its place."""

    code = "record_is_immutable"

    def __init__(self, number: str, status: Status) -> None:
        super().__init__(
            f"{number} is a record of what happened elsewhere and never changes; "
            "record what took its place.",
            status=status,
            allowed=(),
        )


class NotARecord(ActionRefused):
    """Only a record can be wrong about what happened, so only a record can be hidden."""

    code = "not_a_record"

    def __init__(self, number: str, status: Status, allowed: tuple[Action, ...]) -> None:
        super().__init__(
            f"{number} was carried out here; only a record can be hidden.",
            status=status,
            allowed=allowed,
        )


class GateIsOpen(ActionRefused):
    """There is nothing to pass: the gate is open, or was passed already."""

    code = "gate_is_open"

    def __init__(self, gate: Gate, status: Status, allowed: tuple[Action, ...]) -> None:
        sentence = f"The gate {gate.kind} keeps nothing from starting: {gate.message}"
        super().__init__(sentence, status=status, allowed=allowed)
        self.gate = gate


class NothingToJudge(ActionRefused):
    """No after-review is owed: no glass was broken, or it was judged already."""

    code = "no_after_review"

    def __init__(
        self, number: str, status: Status, allowed: tuple[Action, ...], *, closed_by: str | None
    ) -> None:
        super().__init__(
            f"Nobody broke the glass for {number}; there is nothing to judge."
            if closed_by is None
            else f"{closed_by} has judged the break-glass of {number} already.",
            status=status,
            allowed=allowed,
        )


class ClaimLost(ActionRefused):
    """The claim is no longer this worker's; whatever it has to tell changes nothing."""

    code = "claim_lost"

    def __init__(self, number: str, status: Status, *, worker: str | None) -> None:
        by = f"{worker} has it by now" if status == "started" else f"it is {status}"
        super().__init__(
            f"This claim on {number} is no longer yours: {by}.", status=status, allowed=()
        )
        self.worker = worker


class AlreadyPromoted(ActionRefused):
    """One deployment is promoted to an environment at most once."""

    code = "already_promoted"

    def __init__(
        self, number: str, to: str, promotion: str, status: Status, allowed: tuple[Action, ...]
    ) -> None:
        super().__init__(
            f"{number} was promoted to {to} already, as {promotion}; "
            "to deploy the version there again, ask for it.",
            status=status,
            allowed=allowed,
        )
        self.promotion = promotion


class NoKnownGood(ActionRefused):
    """Nothing stood there that could be redeployed; the deployment is as it was."""

    code = "no_known_good"

    def __init__(
        self, where: str, version: str, status: Status, allowed: tuple[Action, ...]
    ) -> None:
        super().__init__(
            f"Nothing but {version} is known to be good for {where}, so there is nothing to "
            "redeploy; roll back without redeploy, or ask for the version you want.",
            status=status,
            allowed=allowed,
        )


class VersionBlocked(Refusal):
    """The version was rolled back there and may not be deployed again until it is unblocked."""

    code = "version_blocked"

    def __init__(self, block: VersionBlock) -> None:
        super().__init__(
            f"{block.by} rolled {block.version} of {block.service} back in {block.environment} "
            f"with DEP-{block.number}: {block.reason} An operator can unblock it there."
        )
        self.block = block


class NotBlocked(Refusal):
    """There is nothing to unblock."""

    code = "version_not_blocked"

    def __init__(self, service: str, version: str, environment: str) -> None:
        super().__init__(f"{version} of {service} is not blocked in {environment}.")


class NotHeld(Refusal):
    """There is nothing to release."""

    code = "no_hold"

    def __init__(self, service: str, environment: str) -> None:
        super().__init__(f"Nothing holds the automatic promotion of {service} to {environment}.")


class StageNotOpen(Refusal):
    """Stages are ordered; the one named is done already or not yet reached."""

    code = "stage_not_open"

    def __init__(self, stage: str, open_stage: str) -> None:
        super().__init__(f"Stage {stage} is not open; the review is at stage {open_stage}.")
        self.stage = stage
        self.open_stage = open_stage


class ReviewerMayNotStart(Refusal):
    """The policy keeps the one who consents and the one who carries out apart."""

    code = "reviewer_may_not_start"

    def __init__(self, actor: str, environment: str) -> None:
        super().__init__(
            f"{actor} approved this deployment; the policy of {environment} "
            "wants somebody else to start it."
        )
        self.actor = actor


class FreezeIsOver(Refusal):
    """There is nothing left to lift."""

    code = "freeze_is_over"

    def __init__(self, freeze: UUID) -> None:
        super().__init__(f"The freeze {freeze} was lifted, or has ended by itself.")
        self.freeze = freeze


class Stale(Refusal):
    """The caller saw another revision than the one that stands now."""

    code = "stale"

    def __init__(self, expected: int, actual: int) -> None:
        super().__init__(f"Revision {expected} was expected, but it is at revision {actual} now.")
        self.expected = expected
        self.actual = actual


class Overtaken(Refusal):
    """Somebody else changed it between being read and being saved; look again, then decide."""

    code = "overtaken"

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(f"The {kind} {name} was changed by somebody else at the same time.")
        self.kind = kind
        self.name = name


class KeyReused(Refusal):
    """An idempotency key came back with a different request."""

    code = "idempotency_mismatch"

    def __init__(self) -> None:
        super().__init__("This Idempotency-Key was used for a different request; choose another.")


class Unauthenticated(Refusal):
    """The credential opens nothing, or nothing any more."""

    code = "unauthenticated"


class Denied(Refusal):
    """This actor may not do it. The attempt itself is recorded as an event."""


class Forbidden(Denied):
    """No role of theirs allows it there."""

    code = "forbidden"

    def __init__(self, actor: str, right: Right, roles: tuple[str, ...], where: str) -> None:
        super().__init__(f"{actor} needs the role {' or '.join(roles)}{where} for this.")
        self.actor = actor
        self.right = right
        self.roles = roles


class ActAsForbidden(Denied):
    """They may not speak for another; in a review nobody may."""

    code = "act_as_forbidden"

    def __init__(self, actor: str, named: str, *, in_review: bool) -> None:
        super().__init__(
            f"{actor} cannot act as {named}: "
            + ("nobody reviews for another." if in_review else "it needs the role act_as.")
        )
        self.actor = actor
        self.named = named


class SignInDenied(Denied):
    """Whom the identity provider vouches for may not come in."""

    code = "sign_in_denied"


class AfterReviewOwed(Denied):
    """An earlier break-glass there should have been judged by now."""

    code = "after_review_overdue"

    def __init__(self, number: str, environment: str) -> None:
        super().__init__(
            f"The break-glass of {number} in {environment} was never judged and is overdue; "
            "a reviewer must give its after-review before the glass is broken there again."
        )


class ReviewDenied(Denied):
    """A review that may not count."""


class SelfReview(ReviewDenied):
    """The requester may never review their own deployment."""

    code = "self_review"

    def __init__(self, requester: str, *, behind: str | None = None) -> None:
        """`behind` is the reviewer, where the requester may be behind them under another name."""
        super().__init__(
            f"{requester} asked for this deployment; somebody else must review it."
            if behind is None
            else f"Whoever asked for this deployment as {requester} may be behind {behind} too: "
            "one had the other's account or token made. Somebody else must review it."
        )
        self.requester = requester
        self.behind = behind


class NotEligible(ReviewDenied):
    """No rule of the open stage asks for this reviewer."""

    code = "not_eligible"

    def __init__(self, actor: str, stage: str, wanted: tuple[str, ...]) -> None:
        super().__init__(
            f"{actor} cannot review stage {stage}; it asks for {' and '.join(wanted)}."
        )
        self.actor = actor
        self.stage = stage
        self.wanted = wanted


class AlreadyReviewed(ReviewDenied):
    """One person counts once."""

    code = "already_reviewed"

    def __init__(self, actor: str, stage: str) -> None:
        super().__init__(f"{actor} has approved this deployment already, in stage {stage}.")
        self.actor = actor
        self.stage = stage


class OwnBreakGlass(ReviewDenied):
    """Whoever broke the glass, or may be behind it, judges it not themselves."""

    code = "own_break_glass"

    def __init__(self, actor: str) -> None:
        super().__init__(f"{actor} broke the glass here; somebody else must judge it.")
        self.actor = actor


class NotEligibleAfterwards(ReviewDenied):
    """Only those judge a break-glass who could have approved in its place."""

    code = "not_eligible"

    def __init__(self, actor: str, wanted: tuple[str, ...]) -> None:
        super().__init__(
            f"{actor} cannot judge this break-glass; its review asks for {' or '.join(wanted)}."
        )
        self.actor = actor
        self.wanted = wanted
