"""Invalidating approvals of deployments that have not started, when their approver changes.

Invalidation is permanent: a user who is enabled again, or whose new login is removed again, has to
approve again.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from gatepost_domain.access.actor import SYSTEM, Actor, is_same_name
from gatepost_domain.access.command import Command
from gatepost_domain.access.credential_provenance import may_be_same_human
from gatepost_domain.access.users import Account, AccountIdentifierKind, User, identity_of
from gatepost_domain.actions.access.account_linking import find_former_holder_identities
from gatepost_domain.actions.access.triggering_person import resolve_triggering_person
from gatepost_domain.catalog.policy import IndependentReviewers, Policy
from gatepost_domain.deployments.deployment import Approval, Deployment
from gatepost_domain.deployments.independence import (
    ParticipantPart,
    describe_dependence,
    find_dependences,
    participants_of,
    possible_triggering_people,
)
from gatepost_domain.lifecycle import approval_withdrawal
from gatepost_domain.ports.unit_of_work import UnitOfWork


def invalidate_approvals_after_user_change(
    uow: UnitOfWork, before: User | None, after: User, at: datetime
) -> None:
    """Invalidate the approvals that no longer count after a user has changed.

    Disabling a user voids their approvals and turns off automatic start for their requests. A new
    login that identifies who triggered a pipeline voids the approvals by that person and by people
    who are not independent of them; the latter can approve again if the policy merely marks such
    approvals. Only deployments that have not started are affected. `before` is None for a new user.
    """
    command = Command(actor=SYSTEM, at=at)
    if before is not None and after.disabled and not before.disabled:
        for name in filter(None, (after.name, after.former_name)):
            _void_approvals(uow, name, command)
            _cancel_automatic_starts_of_requester(uow, name, command)
    accounts = tuple(_new_accounts_of_triggers(before, after))
    for account in accounts:
        _void_approvals_dependent_on_trigger(uow, account, command)
    if any(find_former_holder_identities(uow, account, except_of=after) for account in accounts):
        _void_dependent_approvals(uow, after, command)


def _void_approvals(uow: UnitOfWork, name: str, command: Command) -> None:
    reason = f"{name}, who had approved the deployment, was disabled."
    for deployment in uow.deployments.list_waiting_approved_by(name):
        _void_approvals_of_deployment(
            uow, deployment, _load_policy(uow, deployment), command, reviewer=name, reason=reason
        )


def _void_approvals_of_deployment(  # what is voided, and why
    uow: UnitOfWork,
    deployment: Deployment,
    policy: Policy,
    command: Command,
    *,
    reviewer: str,
    reason: str,
) -> Deployment:
    voided, event = approval_withdrawal.void_approvals(
        deployment, policy, command, reviewer=reviewer, reason=reason
    )
    uow.deployments.save(voided, event)
    return voided


def _load_policy(uow: UnitOfWork, deployment: Deployment) -> Policy:
    return uow.environments.policy(deployment.environment, deployment.policy_version)


def _cancel_automatic_starts_of_requester(uow: UnitOfWork, name: str, command: Command) -> None:
    for deployment in uow.deployments.list_waiting_for_auto_start_of(name):
        if _is_requested_by(uow, deployment, name):
            uow.deployments.save(
                *approval_withdrawal.cancel_auto_start(deployment, command, user=name)
            )


def _is_requested_by(uow: UnitOfWork, deployment: Deployment, name: str) -> bool:
    """Return whether a user requested a deployment, directly or on another person's behalf."""
    if is_same_name(deployment.requester, name):
        return True
    return is_same_name(uow.event_log.entries_of(deployment.id)[0].event.actor, name)


def _new_accounts_of_triggers(before: User | None, after: User) -> Iterator[Account]:
    for login in after.logins:
        is_new = before is None or before.find_login(login.account) is None
        if is_new and login.account.kind is AccountIdentifierKind.NAME:
            yield login.account


def _void_approvals_dependent_on_trigger(
    uow: UnitOfWork, account: Account, command: Command
) -> None:
    for waiting in uow.deployments.list_waiting_approved_with_unmapped_trigger(account.issuer):
        if Account.of_name(account.issuer, waiting.triggered_by or "") != account:
            continue
        deployment, policy = resolve_triggering_person(uow, waiting), _load_policy(uow, waiting)
        objections = {
            approval.actor: objection
            for approval in deployment.approvals
            if (objection := _find_objection(deployment, policy, approval)) is not None
        }
        for reviewer, reason in objections.items():
            deployment = _void_approvals_of_deployment(
                uow, deployment, policy, command, reviewer=reviewer, reason=reason
            )


def _void_dependent_approvals(uow: UnitOfWork, user: User, command: Command) -> None:
    """Void the user's approvals that depend on a person who formerly had one of their logins."""
    reviewer = Actor(name=user.name, identity=identity_of(user), groups=frozenset(), grants=())
    for deployment in uow.deployments.list_waiting_approved_by(user.name):
        marked = {
            dependence
            for approval in deployment.approvals
            if is_same_name(approval.actor, user.name)
            for dependence in approval.dependencies
        }
        requesters = [
            participant
            for participant in participants_of(deployment)
            if participant.part is ParticipantPart.REQUESTED
        ]
        found = find_dependences(reviewer, requesters)
        reasons = [describe_dependence(*each) for each in found if each[0] not in marked]
        if reasons:
            reason = (
                f"{user.name}, who had approved the deployment, has a login that belonged to "
                f"somebody else: {'; '.join(reasons)}."
            )
            policy = _load_policy(uow, deployment)
            _void_approvals_of_deployment(
                uow, deployment, policy, command, reviewer=user.name, reason=reason
            )


def _find_objection(deployment: Deployment, policy: Policy, approval: Approval) -> str | None:
    """Return why an approval no longer counts now that a login identifies the triggering person.

    An approval that is already marked with the same dependence still counts.
    """
    triggers, name = possible_triggering_people(deployment), deployment.triggered_by
    who = f"{approval.actor}, who had approved the deployment,"
    if any(may_be_same_human(approval.identity, trigger.identity) for trigger in triggers):
        return f"{who} may be {name}, who triggered the pipeline according to a login added since."
    reviewer = Actor(name=approval.actor, identity=approval.identity, groups=frozenset(), grants=())
    found = find_dependences(reviewer, triggers)
    unmarked = [each for each in found if each[0] not in approval.dependencies]
    if not unmarked:
        return None
    reasons = "; ".join(describe_dependence(*each) for each in unmarked)
    again = ""
    if policy.independent_reviewers is IndependentReviewers.MARKED:
        again = f" {approval.actor} can approve again; the new approval is marked as dependent."
    return f"{who} is not independent, according to a login added since: {reasons}.{again}"
