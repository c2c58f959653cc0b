"""Listing the steps that workers reported for a deployment."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from litestar import Controller, get

from gatepost_api.claims.responses import DeploymentStep, DeploymentSteps
from gatepost_api.deployments.reference import parse_deployment_reference
from gatepost_api.http.path_parameters import DeploymentInPath
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_domain.deployments.step import Step, StepKind, last_reports
from gatepost_domain.ports.unit_of_work import UnitOfWork


class ReportedStepsController(Controller):
    """Operations on the rollout steps of deployments."""

    path = "/deployments/{deployment:str}"
    tags = ("deployments",)

    @get(
        "/steps",
        summary="List the steps of a deployment",
        responses=problem_responses(401, 404, 422),
    )
    async def list_deployment_steps(
        self, request: ApiRequest, deployment: DeploymentInPath
    ) -> DeploymentSteps:
        """List all steps that workers reported: the rollout, readiness and checks, in order.

        The event that ended the deployment contains the number of steps and their SHA-256 digest.
        """
        return await _read_steps(request, deployment, tuple)

    @get(
        "/checks",
        summary="List the checks of a deployment",
        responses=problem_responses(401, 404, 422),
    )
    async def list_deployment_checks(
        self, request: ApiRequest, deployment: DeploymentInPath
    ) -> DeploymentSteps:
        """List the readiness probe and the checks, in order, with the latest state of each attempt.

        `GET /deployments/{deployment}/steps` also lists the earlier states of each attempt.
        """
        return await _read_steps(request, deployment, _last_states_of_checks)


def _last_states_of_checks(steps: Iterable[Step]) -> tuple[Step, ...]:
    return last_reports(step for step in steps if step.kind in {StepKind.READY, StepKind.CHECK})


async def _read_steps(
    request: ApiRequest, deployment: str, select: Callable[[Iterable[Step]], Iterable[Step]]
) -> DeploymentSteps:
    reference = parse_deployment_reference(deployment)

    def read(uow: UnitOfWork) -> DeploymentSteps:
        steps = uow.claims.steps(uow.deployments.get(reference).id)
        return DeploymentSteps(items=[DeploymentStep.from_domain(step) for step in select(steps)])

    return await request.context.reads.read_snapshot(read)
