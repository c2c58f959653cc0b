"""Roles, where they hold, and the one table of what they allow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What somebody may do beyond reading, which everybody who is signed in may."""

    VIEWER = "viewer"
    """Reads, as everybody does."""
    REQUESTER = "requester"
    """Registers services and versions, asks for deployments, takes back their own, records."""
    REVIEWER = "reviewer"
    """Approves and rejects, in the stages that ask for a group of theirs."""
    OPERATOR = "operator"
    """Starts deployments, reports their outcome, cancels any, records, retires targets."""
    EMERGENCY = "emergency"
    """Passes a gate, or all approvals, with a reason that stays."""
    AUDITOR = "auditor"
    """Exports and verifies the record."""
    ADMIN = "admin"
    """Environments, policies, users, tokens, imports. It does not include review."""
    WORKER = "worker"
    """Takes queued deployments and carries them out."""
    ACT_AS = "act_as"
    """Speaks for somebody else, never in a review."""


class Right(StrEnum):
    """What an operation needs."""

    READ = "read"
    REGISTER = "register"
    CHANGE_SERVICE = "change_service"
    ARCHIVE = "archive"
    """Archive services, and revive them."""
    REQUEST = "request"
    REVIEW = "review"
    OPERATE = "operate"
    CANCEL = "cancel"
    CONFIGURE = "configure"
    CONFIGURE_TARGET = "configure_target"
    MANAGE_PEOPLE = "manage_people"
    OWN_TOKENS = "own_tokens"
    """See, make and revoke tokens of one's own; of others with `manage_people`."""
    ACT_AS = "act_as"
    CARRY_OUT = "carry_out"
    FREEZE = "freeze"
    OVERRIDE = "override"
    BREAK_GLASS = "break_glass"
    UNBLOCK = "unblock"
    """Let a version that was rolled back be deployed there again."""
    RELEASE = "release"
    """End a hold on automatic promotion."""
    RECORD = "record"
    IMPORT = "import"
    HIDE = "hide"
    RETIRE = "retire"
    RETIRE_IN_THE_PAST = "retire_in_the_past"


EVERYBODY: Final = frozenset(Role)

ROLES_WITH: Final[Mapping[Right, frozenset[Role]]] = {
    Right.READ: EVERYBODY,
    Right.REGISTER: frozenset({Role.REQUESTER}),
    Right.CHANGE_SERVICE: frozenset({Role.REQUESTER}),
    Right.ARCHIVE: frozenset({Role.OPERATOR, Role.ADMIN}),
    Right.REQUEST: frozenset({Role.REQUESTER}),
    Right.REVIEW: frozenset({Role.REVIEWER}),
    Right.OPERATE: frozenset({Role.OPERATOR}),
    Right.CANCEL: frozenset({Role.OPERATOR, Role.REQUESTER}),
    Right.CONFIGURE: frozenset({Role.ADMIN}),
    Right.CONFIGURE_TARGET: frozenset({Role.OPERATOR}),
    Right.MANAGE_PEOPLE: frozenset({Role.ADMIN}),
    Right.OWN_TOKENS: EVERYBODY,
    Right.ACT_AS: frozenset({Role.ACT_AS}),
    Right.CARRY_OUT: frozenset({Role.WORKER}),
    Right.FREEZE: frozenset({Role.OPERATOR}),
    Right.OVERRIDE: frozenset({Role.EMERGENCY}),
    Right.BREAK_GLASS: frozenset({Role.EMERGENCY}),
    Right.UNBLOCK: frozenset({Role.OPERATOR}),
    Right.RELEASE: frozenset({Role.OPERATOR}),
    Right.RECORD: frozenset({Role.REQUESTER, Role.OPERATOR}),
    Right.IMPORT: frozenset({Role.ADMIN}),
    Right.HIDE: frozenset({Role.ADMIN}),
    Right.RETIRE: frozenset({Role.OPERATOR}),
    Right.RETIRE_IN_THE_PAST: frozenset({Role.ADMIN}),
}
"""Deny by default: a right is had only by these roles. A requester cancels only their own."""


def roles_with(*rights: Right) -> tuple[Role, ...]:
    """The roles that have any of these rights, in the order of the rights, each role once."""
    return tuple(
        dict.fromkeys(role for right in rights for role in Role if role in ROLES_WITH[right])
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A role, everywhere or only for one service, one environment, or one of each."""

    role: Role
    service: str | None = None
    environment: str | None = None

    def covers(self, service: str | None, environment: str | None) -> bool:
        """Whether it holds there; what is limited does not hold for what is not so limited."""
        return self.service in {None, service} and self.environment in {None, environment}

    def restricted_to(self, scope: Grant) -> Grant | None:
        """What is left of it inside a scope; none if nothing is."""
        if self.role is not scope.role:
            return None
        service = self.service or scope.service
        environment = self.environment or scope.environment
        if scope.service not in {None, service} or scope.environment not in {None, environment}:
            return None
        return Grant(role=self.role, service=service, environment=environment)
