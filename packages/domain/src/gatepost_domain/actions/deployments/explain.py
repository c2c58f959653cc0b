"""Explaining why a deployment is waiting, and what an actor can do."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from gatepost_domain.access.command import Command
from gatepost_domain.actions.catalog.target_settings_for_rollout import (
    describe_settings_changed_since_last_run,
    find_newer_settings_version,
)
from gatepost_domain.actions.deployments.deployment_loading import load_deployment
from gatepost_domain.actions.deployments.promotion import dry_run_promotion
from gatepost_domain.actions.deployments.rollback_retry import dry_run_retry
from gatepost_domain.deployments.deployment import DeploymentReference
from gatepost_domain.gates.context import load_context_with_reviewers
from gatepost_domain.lifecycle.explanation import Explanation, explain
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status_transitions import Action


def explain_deployment(
    uow: UnitOfWork, reference: DeploymentReference, command: Command
) -> Explanation:
    """Return what a deployment is waiting for, and which actions the actor can take.

    Raises:
        NotFound: there is no such deployment.
    """
    deployment, policy = load_deployment(uow, reference, None)
    context = load_context_with_reviewers(uow, deployment, policy, command.at)
    explanation = explain(
        deployment,
        policy,
        context,
        actor=command.actor,
        at=command.at,
        dry_runs={
            Action.PROMOTE: partial(dry_run_promotion, uow, deployment),
            Action.RETRY: partial(dry_run_retry, uow, deployment),
        },
    )
    return replace(
        explanation,
        newer_target_version=find_newer_settings_version(uow, deployment),
        redeployed_target_message=describe_settings_changed_since_last_run(uow, deployment),
    )
