"""Determining what a deployment changes, compared with the version that it replaces."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from litestar import Controller, get

from gatepost_api.deployments.reference import parse_deployment_reference
from gatepost_api.http.path_parameters import DeploymentInPath
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_api.tracking.deployment_changes_responses import DeploymentChanges
from gatepost_domain.catalog.service import Version
from gatepost_domain.deployments.deployment import Deployment, DeploymentReference
from gatepost_domain.deployments.step import last_check_reports
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import DeploymentFilter, ReadModel
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.tracking import deployment_changes as domain
from gatepost_domain.tracking.current_state import CurrentFilter
from gatepost_domain.tracking.deployment_changes import Direction

_DEPLOYMENTS_READ: Final = 200
"""The maximum number of deployments searched for work references and earlier runs."""


class DeploymentDiffController(Controller):
    """Operations on the changes that a deployment makes."""

    path = "/deployments/{deployment:str}"
    tags = ("deployments",)

    @get(
        "/changes",
        summary="Get the changes that a deployment makes",
        responses=problem_responses(401, 404, 422, 503),
    )
    async def get_deployment_changes(
        self, request: ApiRequest, deployment: DeploymentInPath
    ) -> DeploymentChanges:
        """Return the version that the deployment replaces, and everything between the two versions.

        A deployment that has not ended is compared with the version that is live now; any other
        deployment with the version that was live when it went live or ended. `versions` and
        `work_references` are those that the deployment adds or, if it goes backward, removes.
        """
        changes = await load_changes(request.context.reads, parse_deployment_reference(deployment))
        service = await request.context.reads.service(changes.deployment.service)
        return DeploymentChanges.from_domain(changes, service.repo_url, request.context.now())


async def load_changes(
    reads: ReadModel, reference: DeploymentReference
) -> domain.DeploymentChanges:
    """Return what a deployment changes.

    Raises:
        NotFound: the deployment does not exist.
    """
    deployment = await reads.deployment(reference)
    lane = CurrentFilter(services=(deployment.service,), environments=(deployment.environment,))
    state = await reads.current_state(lane, at=domain.replacement_time(deployment))
    replaced = next(iter(state.cells), None)
    direction, versions = await _read_versions_between(
        reads, deployment, None if replaced is None else replaced.version
    )
    shown = versions[: domain.MAX_VERSIONS]
    of_versions = await reads.deployments(
        DeploymentFilter(
            services=(deployment.service,),
            versions=tuple({deployment.version, *(version.version for version in shown)}),
        ),
        PageRequest(limit=_DEPLOYMENTS_READ),
    )
    names = {version.version for version in shown}
    return domain.DeploymentChanges(
        deployment=deployment,
        version=await reads.version(deployment.service, deployment.version),
        replaced=replaced,
        replaced_version=None
        if replaced is None
        else await reads.version(deployment.service, replaced.version),
        direction=direction,
        versions=shown,
        has_more_versions=len(versions) > len(shown),
        work_references=domain.collect_work_references(
            deployment, (other for other in of_versions.items if other.version in names)
        ),
        earlier_runs=await reads.read_snapshot(
            partial(
                _with_checks,
                runs=domain.latest_deployments_elsewhere(deployment, of_versions.items),
            )
        ),
    )


async def _read_versions_between(
    reads: ReadModel, deployment: Deployment, replaced: str | None
) -> tuple[Direction, tuple[Version, ...]]:
    between = partial(reads.versions_between, deployment.service, limit=domain.MAX_VERSIONS + 1)
    if replaced is None:
        return Direction.FIRST, await between(None, deployment.version)
    if replaced == deployment.version:
        return Direction.SAME, ()
    added = await between(replaced, deployment.version)
    if added:
        return Direction.FORWARD, added
    return Direction.BACKWARD, await between(deployment.version, replaced)


def _with_checks(uow: UnitOfWork, *, runs: Sequence[Deployment]) -> tuple[domain.EarlierRun, ...]:
    return tuple(
        domain.EarlierRun(deployment=run, checks=last_check_reports(uow.claims.steps(run.id)))
        for run in runs
    )
