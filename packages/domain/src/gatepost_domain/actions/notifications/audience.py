"""Determining whom a notification concerns: possible reviewers, requesters, groups and teams."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Final
from uuid import UUID

from gatepost_domain.access.actor import normalize_name
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Role
from gatepost_domain.access.users import User, actor_with_all_grants
from gatepost_domain.actions.deployments.inbox import build_inbox
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.event import Event
from gatepost_domain.notifications.channel import NotificationChannel, RecipientKind
from gatepost_domain.notifications.notification import NotificationReason
from gatepost_domain.ports.unit_of_work import UnitOfWork

MAX_NAMED: Final = 10
"""The maximum number of people named in a message."""


class Audience:
    """The people whom notifications concern, looked up once per transaction."""

    def __init__(self, uow: UnitOfWork, at: datetime) -> None:
        self._uow = uow
        self._at = at
        self._reviewers: tuple[User, ...] | None = None
        self._can_act: dict[tuple[UUID, str], bool] = {}

    def concerns(
        self,
        channel: NotificationChannel,
        reason: NotificationReason,
        deployment: Deployment,
        event: Event,
    ) -> bool:
        """Return whether a notification concerns the recipient of a channel.

        A review request concerns each person who could give the review, each group with a member
        who could, and the service's team if anyone could. An outcome concerns the service's team
        and the people who requested the deployment, except the person who caused the outcome. It
        does not concern the requesters' groups, because the other members requested nothing.
        """
        if reason is NotificationReason.OUTCOME:
            return self._is_notified_of_outcome(channel, deployment, event)
        return any(self._who_can_act(deployment, channel))

    def names_of_those_who_can_act(self, deployment: Deployment) -> tuple[str, ...]:
        """Return the names of up to `MAX_NAMED` people who can act on a waiting deployment."""
        return tuple(islice((user.name for user in self._who_can_act(deployment)), MAX_NAMED))

    def _who_can_act(
        self, deployment: Deployment, channel: NotificationChannel | None = None
    ) -> Iterator[User]:
        for user in self._list_reviewers():
            if channel is None or self._is_recipient(channel, deployment, user):
                key = deployment.id, user.name
                if key not in self._can_act:
                    self._can_act[key] = self._could_review(deployment, user)
                if self._can_act[key]:
                    yield user

    def _could_review(self, deployment: Deployment, user: User) -> bool:
        # Some rules require a note, which the person would supply when acting.
        command = Command(actor=actor_with_all_grants(user), at=self._at, note="dry run")
        return bool(build_inbox(self._uow, (deployment,), command).reviewable)

    def _is_recipient(
        self, channel: NotificationChannel, deployment: Deployment, user: User
    ) -> bool:
        kind, name = channel.recipient.kind, channel.recipient.name
        if kind is RecipientKind.USER:
            return user.name == name
        if kind is RecipientKind.GROUP:
            return name in user.groups
        return self._team_of(deployment) == name

    def _is_notified_of_outcome(
        self, channel: NotificationChannel, deployment: Deployment, event: Event
    ) -> bool:
        if channel.recipient.kind is RecipientKind.TEAM:
            return self._team_of(deployment) == channel.recipient.name
        requesters = [
            user for name in _requesters(deployment) if (user := self._find_user(name)) is not None
        ]
        caused_it = any(normalize_name(event.actor) in {user.key, user.name} for user in requesters)
        return not caused_it and any(
            channel.is_of_person(user.name) for user in requesters if not user.disabled
        )

    def _team_of(self, deployment: Deployment) -> str:
        return self._uow.services.get(deployment.service).team

    def _find_user(self, name: str) -> User | None:
        return self._uow.users.find_by_recorded_name(name)

    def _list_reviewers(self) -> tuple[User, ...]:
        if self._reviewers is None:
            self._reviewers = self._uow.users.list_people_with(Role.REVIEWER)
        return self._reviewers


def _requesters(deployment: Deployment) -> Iterator[str]:
    """Yield the names of the people who requested a deployment or had a pipeline request it."""
    yield deployment.requester
    if deployment.on_behalf_of is not None:
        yield deployment.on_behalf_of
    if deployment.triggered_by is not None and deployment.unmapped_issuer is None:
        yield deployment.triggered_by
