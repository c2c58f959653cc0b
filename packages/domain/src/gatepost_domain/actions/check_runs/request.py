"""Requesting that a target's checks be run."""

from __future__ import annotations

from uuid import UUID

from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.access.actors_and_denials import resolve_actor_and_audit_denials
from gatepost_domain.actions.check_runs.events import check_run_event
from gatepost_domain.catalog.target import Target
from gatepost_domain.check_runs.check_run import CheckRun, request_run
from gatepost_domain.check_runs.errors import CheckRunOpen, NoChecks
from gatepost_domain.errors import ResourceArchived
from gatepost_domain.event import EventKind
from gatepost_domain.ports.unit_of_work import UnitOfWork


def request_check_run(
    uow: UnitOfWork,
    service: str,
    environment: str,
    command: Command,
    *,
    id: UUID,  # noqa: A002  # the field's own name
) -> CheckRun:
    """Request that a worker run a target's checks. This affects no deployment.

    Raises:
        NotFound: there is no such service or environment.
        Forbidden: the actor may not operate there.
        ResourceArchived: the service or the environment is archived.
        NoChecks: the target has no checks.
        CheckRunOpen: the checks are already queued or running.
    """
    found_service, found_environment = uow.services.get(service), uow.environments.get(environment)
    service, environment = found_service.name, found_environment.name
    with resolve_actor_and_audit_denials(command) as resolved:
        authorize(resolved.actor, Right.OPERATE, service=service, environment=environment)
    for kind, resource in (("service", found_service), ("environment", found_environment)):
        if resource.archived_at is not None:
            raise ResourceArchived(kind, resource.name)
    target = _require_checks(uow, service, environment)
    if (open_run := uow.check_runs.find_open(service, environment)) is not None:
        raise CheckRunOpen(open_run)
    run = request_run(target, id=id, actor=resolved.effective_actor_name, at=resolved.at)
    uow.check_runs.add(run, check_run_event(EventKind.CHECK_RUN_REQUESTED, resolved, run))
    return run


def _require_checks(uow: UnitOfWork, service: str, environment: str) -> Target:
    target = uow.target_settings.find(service, environment)
    if target is None or not target.settings.checks or target.settings.base_url is None:
        raise NoChecks(service, environment)
    return target
