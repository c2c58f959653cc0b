"""The base classes of all refusals, and the refusals that any part of the domain can raise.

Refusals that concern a single subject are in the `errors` module of its folder.

    Refusal
    ├── ValidationFailed      the input breaks a rule
    ├── NotFound              the resource does not exist
    ├── AlreadyExists         the name is taken
    ├── ResourceArchived      the resource accepts nothing new
    ├── StaleRevision         the caller expected another revision
    ├── ConcurrentUpdate      the resource was changed by another action at the same time
    ├── IdempotencyKeyReused  the idempotency key was used for another request
    └── Denied                the actor is not allowed to do this; the attempt is recorded
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gatepost_domain.event import Event


class Refusal(Exception):
    """A rule refuses the action; nothing has changed.

    `code` is stable and meant for programs; the message is a sentence for people.
    """

    code: str
    audit_event: Event | None = None
    """The event that records the attempt, if it must be recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldError:
    """An invalid input field: its path, a stable code, and a sentence for people."""

    field: str
    """A path below the input's root, separated by `/`: `risk`, `rules/0/required`."""
    code: str
    detail: str


class ValidationFailed(Refusal):
    """The input breaks rules; all its field errors are listed, and the first one sets `code`."""

    def __init__(self, *errors: FieldError) -> None:
        super().__init__(" ".join(error.detail for error in errors))
        self.errors = errors
        self.code = errors[0].code

    def within(self, field: str) -> ValidationFailed:
        """Return the same errors with paths below a field of a larger input."""
        return ValidationFailed(
            *(replace(error, field=f"{field}/{error.field}") for error in self.errors)
        )


class NotFound(Refusal):
    """The addressed resource does not exist."""

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(f"There is no {kind.replace('_', ' ')} {name}.")
        self.kind = kind
        self.name = name
        self.code = f"unknown_{kind}"


class AlreadyExists(Refusal):
    """The name is taken; the existing resource is unchanged."""

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(f"The {kind.replace('_', ' ')} {name} already exists.")
        self.kind = kind
        self.name = name
        self.code = f"{kind}_exists"


class ResourceArchived(Refusal):
    """The resource is archived and accepts nothing new until it is unarchived."""

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(
            f"The {kind} {name} is archived and accepts nothing new; unarchive it first."
        )
        self.kind = kind
        self.name = name
        self.code = f"{kind}_archived"


class StaleRevision(Refusal):
    """The caller expected a revision that is not the current one."""

    code = "stale"

    def __init__(self, expected: Collection[int], actual: int) -> None:
        revisions = " or ".join(map(str, sorted(expected)))
        super().__init__(
            f"{f'Revision {revisions}' if revisions else 'Another revision'} was expected, but the "
            f"current revision is {actual}; reload and try again."
        )
        self.expected = expected
        self.actual = actual


class ConcurrentUpdate(Refusal):
    """The resource was changed by another action between being read and being saved."""

    code = "overtaken"

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(
            f"The {kind} {name} was changed by somebody else at the same time; "
            "reload and try again."
        )
        self.kind = kind
        self.name = name


class IdempotencyKeyReused(Refusal):
    """The idempotency key was already used for a different request."""

    code = "idempotency_mismatch"

    def __init__(self) -> None:
        super().__init__("This Idempotency-Key was used for a different request; use a new key.")


class Denied(Refusal):
    """The actor is not allowed to do this. The attempt is recorded as an event."""
