"""Roles, rights, and the table of which roles include which rights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What a user may do in addition to reading. Every signed-in user may read."""

    VIEWER = "viewer"
    """Reads everything, like every signed-in user, but changes nothing."""
    REQUESTER = "requester"
    """Registers services and versions; requests, promotes and records deployments; cancels the
    requester's own deployments."""
    REVIEWER = "reviewer"
    """Approves and rejects in stages whose rules accept the reviewer; closes after-reviews."""
    OPERATOR = "operator"
    """Starts, cancels and records deployments, reports their outcomes, and configures targets."""
    EMERGENCY = "emergency"
    """Overrides gates and uses break-glass, with a reason that is recorded permanently."""
    AUDITOR = "auditor"
    """Exports and verifies the history."""
    ADMIN = "admin"
    """Manages environments, policies, users, tokens, webhooks, notifications and imports. Does not
    include review."""
    WORKER = "worker"
    """Claims queued deployments and executes them."""
    ACT_AS = "act_as"
    """Acts for another user, except in reviews."""


class Right(StrEnum):
    """A permission that an operation requires, and that roles include (see `ROLES_WITH`)."""

    READ = "read"
    REGISTER = "register"
    CHANGE_SERVICE = "change_service"
    ARCHIVE = "archive"
    """Archive and unarchive services."""
    REQUEST = "request"
    REVIEW = "review"
    OPERATE = "operate"
    CANCEL_OWN = "cancel_own"
    """Cancel deployments that the actor requested; those of others require `cancel`."""
    CANCEL = "cancel"
    CONFIGURE = "configure"
    CONFIGURE_TARGET = "configure_target"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_NOTIFICATIONS = "manage_notifications"
    OWN_NOTIFICATIONS = "own_notifications"
    """Manage one's own notification channels; others' require `manage_notifications`."""
    MANAGE_WEBHOOKS = "manage_webhooks"
    OWN_TOKENS = "own_tokens"
    """List, create and revoke one's own tokens; those of others require `manage_people`."""
    ACT_AS = "act_as"
    CARRY_OUT = "carry_out"
    FREEZE = "freeze"
    INCIDENT = "incident"
    """Report, resolve and link incidents."""
    OVERRIDE = "override"
    BREAK_GLASS = "break_glass"
    UNBLOCK = "unblock"
    """Unblock a version that was rolled back."""
    RELEASE = "release"
    """Release a hold on automatic promotion."""
    RECORD = "record"
    IMPORT = "import"
    HIDE = "hide"
    RETIRE = "retire"
    RETIRE_IN_THE_PAST = "retire_in_the_past"
    AUDIT = "audit"
    """Verify and export the recorded data, and get checkpoints and proofs."""


EVERYBODY: Final = frozenset(Role)

ROLES_WITH: Final[Mapping[Right, frozenset[Role]]] = {
    Right.READ: EVERYBODY,
    Right.REGISTER: frozenset({Role.REQUESTER}),
    Right.CHANGE_SERVICE: frozenset({Role.REQUESTER}),
    Right.ARCHIVE: frozenset({Role.OPERATOR, Role.ADMIN}),
    Right.REQUEST: frozenset({Role.REQUESTER}),
    Right.REVIEW: frozenset({Role.REVIEWER}),
    Right.OPERATE: frozenset({Role.OPERATOR}),
    Right.CANCEL_OWN: frozenset({Role.OPERATOR, Role.REQUESTER}),
    Right.CANCEL: frozenset({Role.OPERATOR}),
    Right.CONFIGURE: frozenset({Role.ADMIN}),
    Right.CONFIGURE_TARGET: frozenset({Role.OPERATOR}),
    Right.MANAGE_PEOPLE: frozenset({Role.ADMIN}),
    Right.MANAGE_NOTIFICATIONS: frozenset({Role.ADMIN}),
    Right.OWN_NOTIFICATIONS: EVERYBODY,
    Right.MANAGE_WEBHOOKS: frozenset({Role.ADMIN}),
    Right.OWN_TOKENS: EVERYBODY,
    Right.ACT_AS: frozenset({Role.ACT_AS}),
    Right.CARRY_OUT: frozenset({Role.WORKER}),
    Right.FREEZE: frozenset({Role.OPERATOR}),
    Right.INCIDENT: frozenset({Role.OPERATOR}),
    Right.OVERRIDE: frozenset({Role.EMERGENCY}),
    Right.BREAK_GLASS: frozenset({Role.EMERGENCY}),
    Right.UNBLOCK: frozenset({Role.OPERATOR}),
    Right.RELEASE: frozenset({Role.OPERATOR}),
    Right.RECORD: frozenset({Role.REQUESTER, Role.OPERATOR}),
    Right.IMPORT: frozenset({Role.ADMIN}),
    Right.HIDE: frozenset({Role.ADMIN}),
    Right.RETIRE: frozenset({Role.OPERATOR}),
    Right.RETIRE_IN_THE_PAST: frozenset({Role.ADMIN}),
    Right.AUDIT: frozenset({Role.AUDITOR}),
}
"""Maps each right to the roles that include it. All other roles are denied."""


def roles_with_any(*rights: Right) -> tuple[Role, ...]:
    """Return the roles that include any of these rights, each once, in the order of the rights."""
    return tuple(
        dict.fromkeys(role for right in rights for role in Role if role in ROLES_WITH[right])
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A role that applies everywhere, or only to a service, an environment, or both."""

    role: Role
    service: str | None = None
    environment: str | None = None

    def covers(self, service: str | None, environment: str | None) -> bool:
        """Return whether the grant applies to the service and environment.

        None matches only a grant that is not limited to a service or environment, respectively.
        """
        return self.service in {None, service} and self.environment in {None, environment}

    def overlaps(self, service: str | None, environment: str | None) -> bool:
        """Return whether the grant applies to any matching lane; None matches every name."""
        return (service is None or self.service in {None, service}) and (
            environment is None or self.environment in {None, environment}
        )

    def restricted_to(self, scope: Grant) -> Grant | None:
        """Return the part of the grant inside a scope, or None if there is none."""
        if self.role is not scope.role:
            return None
        service = self.service or scope.service
        environment = self.environment or scope.environment
        if scope.service not in {None, service} or scope.environment not in {None, environment}:
            return None
        return Grant(role=self.role, service=service, environment=environment)
