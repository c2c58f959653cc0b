"""Simulating a policy on the stored history, for the API and the console."""

from __future__ import annotations

from asyncio import to_thread
from functools import partial
from http import HTTPStatus

from gatepost_api.http.app_context import AppContext
from gatepost_api.http.problems import BadInput
from gatepost_domain.actions.catalog.policies import dry_run_policy
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.reports.periods import Span
from gatepost_domain.simulation.history import MAX_DEPLOYMENTS
from gatepost_domain.simulation.simulation import Simulation, simulate


async def simulate_policy(
    context: AppContext, environment: str, policy: Policy, span: Span
) -> Simulation:
    """Return what a policy would have done to an environment's deployments in a time span.

    Raises:
        NotFound: the environment does not exist.
        ValidationFailed: the policy could not replace the one in force.
        BadInput: the span contains more deployments than can be replayed.
    """
    reads = context.reads
    preview = await reads.read_snapshot(
        partial(dry_run_policy, environment=environment, policy=policy)
    )
    history = await reads.environment_history(preview.environment.name, span, policy)
    if not history.is_complete:
        raise BadInput(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "too_many_deployments",
            "#/since",
            f"There are more than {MAX_DEPLOYMENTS:,} deployments in the period, or too many in "
            "the required environments; choose a shorter period.",
        )
    return await to_thread(simulate, history, policy, preview.environment.name, preview.users)
