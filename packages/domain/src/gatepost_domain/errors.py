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
    from gatepost_domain.event import Event


class Refusal(Exception):
    """A rule says no. Nothing has changed.

    `code` is stable and for programs, the message is a sentence for people.
    """

    code: str
    audit_event: Event | None = None
    """The event that the attempt leaves, where it must not pass unseen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldError:
    """One thing wrong with an input: which field, a stable code, and a sentence."""

    field: str
    """A path below the input's root, `/`-separated: `risk`, `rules/0/required`."""
    code: str
    detail: str


class ValidationFailed(Refusal):
    """The input breaks a rule. Every fault found is listed; the first one names the code."""

    def __init__(self, *errors: FieldError) -> None:
        super().__init__(" ".join(fault.detail for fault in errors))
        self.errors = errors
        self.code = errors[0].code


class NotFound(Refusal):
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


class ResourceArchived(Refusal):
    """It is kept for its history and takes nothing new until somebody revives it."""

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(f"The {kind} {name} is archived; it takes nothing new until revived.")
        self.kind = kind
        self.name = name
        self.code = f"{kind}_archived"


class StaleRevision(Refusal):
    """The caller saw another revision than the one that stands now."""

    code = "stale"

    def __init__(self, expected: int, actual: int) -> None:
        super().__init__(f"Revision {expected} was expected, but it is at revision {actual} now.")
        self.expected = expected
        self.actual = actual


class ConcurrentUpdate(Refusal):
    """Somebody else changed it between being read and being saved; look again, then decide."""

    code = "overtaken"

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(f"The {kind} {name} was changed by somebody else at the same time.")
        self.kind = kind
        self.name = name


class IdempotencyKeyReused(Refusal):
    """An idempotency key came back with a different request."""

    code = "idempotency_mismatch"

    def __init__(self) -> None:
        super().__init__("This Idempotency-Key was used for a different request; choose another.")


class Denied(Refusal):
    """This actor may not do it. The attempt itself is recorded as an event."""
