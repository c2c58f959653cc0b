"""The API operation that simulates a policy on past deployments."""

from __future__ import annotations

from litestar import Controller, post
from litestar.params import JSONBody

from gatepost_api.catalog.environments.policy_simulation import simulate_policy
from gatepost_api.catalog.environments.simulation_schemas import (
    PolicySimulation,
    PolicySimulationBody,
)
from gatepost_api.http.disconnects import run_while_connected
from gatepost_api.http.path_parameters import EnvironmentInPath
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_api.reports.delivery_report_loading import resolve_span
from gatepost_domain.errors import ValidationFailed


class PolicySimulationController(Controller):
    """The operation that simulates the effect of a proposed policy."""

    path = "/environments/{environment:str}/policy/simulate"
    tags = ("environments",)

    @post(
        status_code=200,
        summary="Simulate a policy",
        responses=problem_responses(400, 401, 404, 413, 415, 422, 503),
    )
    async def simulate_policy(
        self,
        request: ApiRequest,
        environment: EnvironmentInPath,
        data: JSONBody[PolicySimulationBody],
    ) -> PolicySimulation:
        """Replay the deployments and records of a period under a proposed policy; nothing changes.

        The proposed policy must be one that could replace the policy in force. As in the
        environment's history, a deployment belongs to the period in which it was deployed or, if it
        never was, requested. Requests that never started and hidden records are not considered.

        Each deployment is evaluated as of its start, and each record as of when it was deployed,
        against these gates in evaluation order:

        * `approval`: whether the people who approved could have satisfied all stages, each counted
          once, with their current groups. With `independent_reviewers: required`, only approvals
          by independent reviewers count. Break-glass passes, as do the rollbacks that
          `rollback_approvals` exempts. Refused: a start by a reviewer if `reviewer_may_start` is
          false, and a wait longer than `approval_expires_s`. Not evaluated for records.
        * `promotion`: the version had succeeded in the `requires` environments by then, at most
          `max_age_s` before, and had not been rolled back. Which records count there depends on
          `accept_records`, on the current roles of the recorder and, unless a record is evaluated,
          on the recorder's independence of the requester. Whether targets require checks depends
          on their current settings.
        * `soak`: the version had been live there for `soak_s` without interruption. A record
          counts from when it was recorded, as at a real start; if a record is evaluated, from when
          it was deployed.
        * `freeze`: the freezes and allow windows that existed then.
        * `lane`: with `reject`, held (automatic starts) or refused if the lane was busy when the
          deployment was queued; with `supersede`, refused if a newer request of the lane was queued
          or started first. Not evaluated for records.
        * `after_review`: automatic promotions are held while a break-glass review is still open
          `after_review_s` after the use of break-glass.

        Rollbacks pass the same gates as in a real start, and the overrides that were given count.
        Not evaluated: all other gates, such as `order`; blocked versions and promotion holds;
        `max_open_per_requester` and `max_open_per_lane`; and the effects of `execution`,
        `auto_start`, `promotes_to` and `outgoing_allow`.
        """
        span = resolve_span(data.since, data.until, request.context.now(), pointer="#/since")
        try:
            simulation = await run_while_connected(
                request,
                simulate_policy(request.context, environment, data.policy.to_domain(), span),
            )
        except ValidationFailed as error:
            raise error.within("policy") from error
        return PolicySimulation.from_domain(simulation)
