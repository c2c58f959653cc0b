"""Proposals: the changes to settings that can require approval, in the form proposed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Final, TypeAlias

from gatepost_domain.access.roles import Grant
from gatepost_domain.access.users import Account, User
from gatepost_domain.catalog.environment import EnvironmentChange
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.catalog.target import TargetSettings


class SettingsKind(StrEnum):
    """What a settings change concerns."""

    POLICY = "policy"
    """An environment's policy."""
    ENVIRONMENT = "environment"
    """An environment's tier, or whether it is archived."""
    TARGET = "target"
    """A target's settings, or its retirement."""
    USER = "user"
    """A user's roles, groups and logins."""


class SettingsOperation(StrEnum):
    """The requested operation, named by its operation id in the API."""

    PUT_POLICY = "put_policy"
    CHANGE_ENVIRONMENT = "change_environment"
    PUT_TARGET = "put_target"
    RETIRE_TARGET = "retire_target"
    ADD_USER = "add_user"
    CHANGE_USER = "change_user"


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyReplacement:
    """A new policy for an environment."""

    operation: ClassVar[SettingsOperation] = SettingsOperation.PUT_POLICY
    kind: ClassVar[SettingsKind] = SettingsKind.POLICY

    environment: str
    policy: Policy

    @property
    def subject(self) -> str:
        """The name of the environment whose policy is replaced."""
        return self.environment


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentUpdate:
    """A change to the details of an environment."""

    operation: ClassVar[SettingsOperation] = SettingsOperation.CHANGE_ENVIRONMENT
    kind: ClassVar[SettingsKind] = SettingsKind.ENVIRONMENT

    environment: str
    change: EnvironmentChange

    @property
    def subject(self) -> str:
        """The name of the environment."""
        return self.environment


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetReplacement:
    """New settings for a target."""

    operation: ClassVar[SettingsOperation] = SettingsOperation.PUT_TARGET
    kind: ClassVar[SettingsKind] = SettingsKind.TARGET

    service: str
    environment: str
    settings: TargetSettings

    @property
    def subject(self) -> str:
        """The target, such as "shop in production"."""
        return f"{self.service} in {self.environment}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRemoval:
    """The retirement of a target as of an instant, or as of when the proposal is applied."""

    operation: ClassVar[SettingsOperation] = SettingsOperation.RETIRE_TARGET
    kind: ClassVar[SettingsKind] = SettingsKind.TARGET

    service: str
    environment: str
    at: datetime | None

    @property
    def subject(self) -> str:
        """The target to retire, such as "shop in production"."""
        return f"{self.service} in {self.environment}"


@dataclass(frozen=True, slots=True, kw_only=True)
class UserAddition:
    """A new user to be added."""

    operation: ClassVar[SettingsOperation] = SettingsOperation.ADD_USER
    kind: ClassVar[SettingsKind] = SettingsKind.USER

    user: User
    accounts: tuple[Account, ...] = ()
    """The external accounts with which the user signs in or triggers pipelines."""

    @property
    def subject(self) -> str:
        """The name of the new user."""
        return self.user.name


@dataclass(frozen=True, slots=True, kw_only=True)
class UserUpdate:
    """A change to a user. Fields that are None stay unchanged."""

    operation: ClassVar[SettingsOperation] = SettingsOperation.CHANGE_USER
    kind: ClassVar[SettingsKind] = SettingsKind.USER

    name: str
    grants: tuple[Grant, ...] | None = None
    groups: tuple[str, ...] | None = None
    disabled: bool | None = None
    accounts: tuple[Account, ...] | None = None
    """All external accounts that belong to the user."""
    display_name: str | None = None
    """The new display name; an empty one removes it."""

    @property
    def subject(self) -> str:
        """The name of the user to change."""
        return self.name


Proposal: TypeAlias = (
    PolicyReplacement
    | EnvironmentUpdate
    | TargetReplacement
    | TargetRemoval
    | UserAddition
    | UserUpdate
)

PROPOSAL_TYPES: Final[tuple[type[Proposal], ...]] = (
    PolicyReplacement,
    EnvironmentUpdate,
    TargetReplacement,
    TargetRemoval,
    UserAddition,
    UserUpdate,
)
