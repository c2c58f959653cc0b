"""Running a settings action without storing its result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, cast

from gatepost_domain.access.command import Command
from gatepost_domain.access.users import User
from gatepost_domain.actions.access.approval_invalidation import (
    invalidate_approvals_after_user_change,
)
from gatepost_domain.actions.access.users import add_user, change_user
from gatepost_domain.actions.catalog.policies import change_policy
from gatepost_domain.actions.catalog.targets import put_target
from gatepost_domain.actions.catalog.update import change_environment
from gatepost_domain.actions.tracking.retire_target import retire_target
from gatepost_domain.catalog.environment import Environment, PolicyVersion
from gatepost_domain.catalog.target import Target
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.errors import AlreadyExists
from gatepost_domain.event import Event
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.revisions import ExpectedRevision, require_revision
from gatepost_domain.settings_changes.proposal import (
    EnvironmentUpdate,
    PolicyReplacement,
    Proposal,
    TargetRemoval,
    TargetReplacement,
    UserAddition,
    UserUpdate,
)
from gatepost_domain.settings_changes.snapshot import Settings
from gatepost_domain.tracking.current_state import TargetRetirement


class StoreSettings(Protocol):
    """Stores settings together with the event that records them."""

    def __call__(
        self,
        settings: Any,  # noqa: ANN401  # each repository has its own settings
        event: Event,
        /,
    ) -> None:
        """Store the settings and the event."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsWrite:
    """What a settings action would store."""

    before: Settings | None
    """The current settings; None if there are none."""
    after: Settings
    event: Event
    _store: StoreSettings

    def store(self, event: Event | None = None) -> None:
        """Store the settings, with the given event or else the action's own."""
        self._store(self.after, self.event if event is None else event)


def plan_settings_write(
    uow: UnitOfWork, proposal: Proposal, command: Command, *, revision: ExpectedRevision
) -> SettingsWrite:
    """Run a proposal's action, applying all its rules, and return what it would store.

    Raises: the same errors as the action.
    """
    plan = _DryRunUnitOfWork(uow)
    _run(cast("UnitOfWork", plan), proposal, command, revision)
    return plan.write


def find_revision_in_force(uow: UnitOfWork, proposal: Proposal) -> int | None:
    """Return the current revision, or policy version, of the settings that a proposal changes."""
    match proposal:
        case PolicyReplacement():
            return uow.environments.get(proposal.environment).policy_version
        case EnvironmentUpdate():
            return uow.environments.get(proposal.environment).revision
        case TargetReplacement() | TargetRemoval():
            target = uow.target_settings.find(proposal.service, proposal.environment)
            return 0 if target is None else target.revision
        case UserAddition():
            return None
        case UserUpdate():
            return uow.users.get(proposal.name).revision


def _run(uow: UnitOfWork, proposal: Proposal, command: Command, revision: ExpectedRevision) -> None:
    """Run the action that makes the proposed change."""
    match proposal:
        case PolicyReplacement():
            change_policy(uow, proposal.environment, proposal.policy, command, expected=revision)
        case EnvironmentUpdate():
            change_environment(
                uow, proposal.environment, proposal.change, command, revision=revision
            )
        case TargetReplacement():
            put_target(
                uow,
                proposal.service,
                proposal.environment,
                proposal.settings,
                command,
                revision=revision,
            )
        case TargetRemoval():
            retire_target(uow, proposal.service, proposal.environment, command, at=proposal.at)
            current = find_revision_in_force(uow, proposal)
            if current is not None:
                require_revision(revision, current)
        case UserAddition():
            add_user(uow, proposal.user, command, accounts=proposal.accounts)
        case UserUpdate():
            change_user(
                uow,
                proposal.name,
                command,
                grants=proposal.grants,
                groups=proposal.groups,
                disabled=proposal.disabled,
                accounts=proposal.accounts,
                display_name=proposal.display_name,
                revision=revision,
            )


class _DryRunUnitOfWork:
    """A unit of work that reads from another one, and captures a write instead of storing it.

    It hides the deployments that a user has approved, because a change to the user affects
    these deployments only when the change is stored.
    """

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._writes: list[SettingsWrite] = []
        self.environments = _PatchedRepository(
            uow.environments, save=self._save_environment, change_policy=self._change_policy
        )
        self.target_settings = _PatchedRepository(uow.target_settings, put=self._put_target)
        self.retirements = _PatchedRepository(uow.retirements, add_retirement=self._add_retirement)
        self.users = _PatchedRepository(uow.users, add=self._add_user, save=self._save_user)
        self.deployments = _PatchedRepository(
            uow.deployments,
            list_waiting_approved_by=_find_no_deployments,
            list_waiting_approved_with_unmapped_trigger=_find_no_deployments,
            list_waiting_for_auto_start_of=_find_no_deployments,
        )

    @property
    def write(self) -> SettingsWrite:
        """The action's only write."""
        (write,) = self._writes
        return write

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # whatever the other has
        return getattr(self._uow, name)

    def _capture_write(
        self, store: StoreSettings, before: Settings | None, after: Settings, event: Event
    ) -> None:
        write = SettingsWrite(before=before, after=after, event=event, _store=store)
        self._writes.append(write)

    def _save_environment(self, environment: Environment, event: Event) -> None:
        environments = self._uow.environments
        self._capture_write(
            environments.save, environments.get(environment.name), environment, event
        )

    def _change_policy(self, changed: PolicyVersion, event: Event) -> None:
        environments = self._uow.environments
        current = environments.get(changed.environment)
        before = environments.policy_version(current.name, current.policy_version)
        self._capture_write(environments.change_policy, before, changed, event)

    def _put_target(self, target: Target, event: Event) -> None:
        targets = self._uow.target_settings
        self._capture_write(
            targets.put, targets.find(target.service, target.environment), target, event
        )

    def _add_retirement(self, retirement: TargetRetirement, event: Event) -> None:
        self._capture_write(self._uow.retirements.add_retirement, None, retirement, event)

    def _add_user(self, user: User, event: Event) -> None:
        if self._uow.users.find(user.name) is not None:
            raise AlreadyExists("user", user.name)
        self._require_unused_accounts(user)

        def store(added: User, event: Event) -> None:
            self._uow.users.add(added, event)
            invalidate_approvals_after_user_change(self._uow, None, added, event.at)

        self._capture_write(store, None, user, event)

    def _save_user(self, user: User, event: Event) -> None:
        self._require_unused_accounts(user)
        before = self._uow.users.get(user.name)

        def store(after: User, event: Event) -> None:
            self._uow.users.save(after, event)
            invalidate_approvals_after_user_change(self._uow, before, after, event.at)

        self._capture_write(store, before, user, event)

    def _require_unused_accounts(self, user: User) -> None:
        for login in user.logins:
            holder = self._uow.users.find_by_account(login.account)
            if holder is not None and holder.name != user.name:
                raise AlreadyExists("login", login.account.account)


def _find_no_deployments(_name: str) -> tuple[Deployment, ...]:
    return ()


class _PatchedRepository:
    """A repository with some methods replaced."""

    def __init__(self, repository: object, **methods: Callable[..., Any]) -> None:
        self._repository = repository
        self.__dict__.update(methods)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # whatever the other has
        return getattr(self._repository, name)
