"""Deployments that workers perform, requested and followed through the client."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from gatepost_client import Gatepost
from gatepost_client.models import (
    Deployment,
    DeploymentCreate,
    DeploymentStatus,
    HttpMethod,
    ServiceCreate,
    SimulatedExecutorBody,
    SimulatedOutcome,
    TargetBody,
    TargetCheckBody,
    TargetCheckBodyExpectJson,
    VersionCreate,
)
from tests.support.client.policies import change_policy

LOOPBACK = ("127.0.0.1",)
TIMEOUT_S = 30.0
FINAL_STATUSES = {
    DeploymentStatus.SUCCEEDED,
    DeploymentStatus.FAILED,
    DeploymentStatus.CANCELLED,
    DeploymentStatus.REJECTED,
    DeploymentStatus.ROLLED_BACK,
}


def register_service(gatepost: Gatepost, service: str, *versions: str) -> None:
    """Register a service with versions that have never been deployed."""
    gatepost.register_service(
        ServiceCreate(name=service, team="checkout", repo_url=f"https://git.example/{service}")
    )
    for version in versions:
        gatepost.register_version(service, VersionCreate(version=version))


def use_simulated_executor(
    gatepost: Gatepost,
    service: str,
    environment: str = "test",
    *,
    duration_s: int = 0,
    outcome: SimulatedOutcome = SimulatedOutcome.SUCCEED,
    **target: Any,
) -> None:
    """Configure a target whose rollouts are simulated."""
    executor = SimulatedExecutorBody(duration_s=duration_s, outcome=outcome)
    gatepost.put_target(service, environment, TargetBody(executor=executor, **target))


def allow_loopback_checks(gatepost: Gatepost, environment: str = "test") -> None:
    """Allow the environment's checks to call this machine."""
    change_policy(gatepost, environment, outgoing_allow=list(LOOPBACK))


def deployment_create(
    service: str, version: str = "1.4.2", environment: str = "test"
) -> DeploymentCreate:
    return DeploymentCreate(
        service=service,
        environment=environment,
        version=version,
        work_references=["SHOP-812"],
        rollback_plan="Redeploy the version before.",
        risk="Checkout may be slow for a minute.",
    )


def a_check(name: str, path: str, **settings: Any) -> TargetCheckBody:
    return TargetCheckBody(name=name, path=path, timeout_s=2, **settings)


def wait_for(
    gatepost: Gatepost, number: str, *statuses: DeploymentStatus, within_s: float = TIMEOUT_S
) -> Deployment:
    """Wait until the deployment has one of these statuses, by default a final one; return it."""
    expected: Sequence[DeploymentStatus] = statuses or tuple(FINAL_STATUSES)
    deadline = time.monotonic() + within_s
    while True:
        deployment = gatepost.get_deployment(number)
        if deployment.status in expected:
            return deployment
        assert time.monotonic() < deadline, f"{number} is {deployment.status}, not {expected}"
        time.sleep(0.03)


def last_event_note(gatepost: Gatepost, number: str) -> str:
    """Return the note of the deployment's last event."""
    return gatepost.list_deployment_events(number).items[-1].note or ""


def _expected_values(**values: object) -> TargetCheckBodyExpectJson:
    """Return the values a response must contain; `__` in a name is `/` in its JSON pointer."""
    expected = {f"/{name.replace('__', '/')}": value for name, value in values.items()}
    return TargetCheckBodyExpectJson.from_dict(expected)


def sample_service_checks() -> list[TargetCheckBody]:
    """Return checks of the five responses of `SampleService`, in order."""
    return [
        a_check("health", "/health", expect_json=_expected_values(status="ok"), attempts=1),
        a_check("db-status", "/db/status", expect_json=_expected_values(database__connected=True)),
        a_check("s3-list", "/s3/list", expect_json=_expected_values(objects=[])),
        a_check(
            "db-create",
            "/db/create",
            method=HttpMethod.POST,
            body={"name": "probe"},
            expect_status=201,
        ),
        a_check("db-read", "/db/read", expect_json=_expected_values(records__0__name="probe")),
    ]
