"""The client reads and writes what the server sends and accepts, without loss.

With `--url` and `--token`, the server is one that is already running and may contain other records.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import pytest

from gatepost_client import Gatepost, GatepostProblem, etag, every
from gatepost_client.api.deployments import (
    get_deployment,
    get_deployment_changes,
    get_deployment_evidence,
    get_deployment_gates,
    list_deployment_checks,
    list_deployment_events,
    list_deployment_steps,
    list_deployments,
    list_inbox,
)
from gatepost_client.api.environments import (
    get_environment,
    get_policy,
    list_environments,
    list_policy_versions,
)
from gatepost_client.api.events import list_events
from gatepost_client.api.freezes import list_freezes
from gatepost_client.api.health import get_liveness, get_readiness
from gatepost_client.api.people import get_me, get_user, list_tokens, list_users
from gatepost_client.api.services import (
    get_contracts,
    get_service,
    get_service_health,
    get_target,
    get_version,
    list_check_runs,
    list_restrictions,
    list_services,
    list_target_versions,
    list_targets,
    list_versions,
)
from gatepost_client.api.tracking import (
    compare_current_state,
    get_current_in_environment,
    get_current_of_service,
    get_current_state,
    get_delivery_report,
    get_stats,
    list_environment_history,
    list_service_history,
)
from gatepost_client.api.webhooks import list_webhooks
from gatepost_client.models import (
    CommandExecutor,
    CommandExecutorBody,
    DeploymentCreate,
    EnvironmentCreate,
    FreezeCreate,
    FreezeScopeBody,
    LiftBody,
    RecordCreate,
    ServiceCreate,
    TargetBody,
    TargetCheckBody,
    Tier,
    UserCreate,
    VersionCreate,
)
from gatepost_client.types import File
from tests.support.processes.server import ServerProcess

NAME = f"r{uuid4().hex[:8]}"
"""The name of a service, an environment and a user that nobody else uses."""


def short_name(value: Any) -> str:
    """Return the last part of a module's name, as the id of a test case."""
    return getattr(value, "__name__", "").rpartition(".")[2]


READS: list[tuple[Any, dict[str, Any]]] = [
    (get_contracts, {"service": NAME}),
    (get_current_in_environment, {"environment": NAME}),
    (get_current_of_service, {"service": NAME}),
    (get_current_state, {"service": [NAME]}),
    (compare_current_state, {"from_": "2026-11-20T09:30:00Z"}),
    (get_delivery_report, {"service": [NAME]}),
    (get_environment, {"environment": NAME}),
    (get_liveness, {}),
    (get_me, {}),
    (get_policy, {"environment": NAME}),
    (get_readiness, {}),
    (get_service, {"service": NAME}),
    (get_service_health, {"service": NAME}),
    (get_stats, {}),
    (get_target, {"service": NAME, "environment": NAME}),
    (get_user, {"user": NAME}),
    (get_version, {"service": NAME, "version": "feature/a%2F"}),
    (list_deployments, {"service": [NAME]}),
    (list_environment_history, {"environment": NAME}),
    (list_environments, {"limit": 200}),
    (list_events, {}),
    (list_check_runs, {"service": NAME, "environment": NAME}),
    (list_freezes, {}),
    (list_inbox, {}),
    (list_policy_versions, {"environment": NAME}),
    (list_restrictions, {"service": NAME}),
    (list_service_history, {"service": NAME}),
    (list_services, {}),
    (list_target_versions, {"service": NAME, "environment": NAME}),
    (list_targets, {"service": NAME}),
    (list_tokens, {"user": NAME}),
    (list_users, {}),
    (list_versions, {"service": NAME}),
    (list_webhooks, {}),
]
DEPLOYMENT_READS: list[Any] = [
    get_deployment,
    get_deployment_changes,
    get_deployment_evidence,
    get_deployment_gates,
    list_deployment_checks,
    list_deployment_events,
    list_deployment_steps,
]
TARGET = TargetBody(
    base_url="https://desk.example",
    executor=CommandExecutorBody(arguments=["/opt/deploy", "desk"]),
    checks=[TargetCheckBody(name="up", path="/", body={"deep": [1.5, None]})],
)


@pytest.fixture(scope="module")
def gatepost(
    request: pytest.FixtureRequest,
    server_url: str | None,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Gatepost]:
    """Connect to the running server, or else to a new one."""
    if server_url is not None:
        with Gatepost(server_url, token=request.config.getoption("token")) as client:
            yield client
        return
    with (
        ServerProcess(tmp_path_factory.mktemp("server") / "data") as server,
        Gatepost(server.url, token=server.token) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def deployment(gatepost: Gatepost) -> str:
    """Create a resource of every kind, and return the number of a deployment."""
    gatepost.create_environment(EnvironmentCreate(name=NAME, tier=Tier.DEVELOPMENT))
    gatepost.register_service(
        ServiceCreate(name=NAME, repo_url=f"https://git.example/{NAME}", team="desks")
    )
    for version in ("1.0.0", "feature/a%2F"):
        gatepost.register_version(NAME, VersionCreate(version=version))
    gatepost.put_target(NAME, NAME, TARGET)
    gatepost.add_user(UserCreate(name=NAME))
    gatepost.invite_user(NAME)
    scope = FreezeScopeBody(service=NAME, environment=NAME)
    freeze = gatepost.impose_freeze(FreezeCreate(reason="The sale.", scope=scope))
    gatepost.lift_freeze(f"{freeze.id}", LiftBody(reason="It is over."))
    gatepost.record_deployment(RecordCreate(service=NAME, environment=NAME, version="1.0.0"))
    body = DeploymentCreate(
        service=NAME,
        environment=NAME,
        version="1.0.0",
        work_references=["SHOP-812"],
        rollback_plan="Redeploy the version before.",
        risk="Checkout may be slow for a minute.",
    )
    requested = gatepost.create_deployment(body, idempotency_key=NAME)
    assert gatepost.create_deployment(body, idempotency_key=NAME) == requested
    gatepost.start_deployment(requested.number, if_match=etag(requested.revision))
    return gatepost.succeed_deployment(requested.number).number


@pytest.mark.usefixtures("deployment")
@pytest.mark.parametrize(("operation", "arguments"), READS, ids=short_name)
def test_response_is_read_without_loss(
    gatepost: Gatepost, operation: Any, arguments: dict[str, Any]
) -> None:
    """The model of a response has every field of the JSON, and writes the same JSON again."""
    response = operation.sync_detailed(**arguments, client=gatepost.client)

    assert response.status_code == 200
    assert response.parsed.to_dict() == json.loads(response.content)


@pytest.mark.parametrize("operation", DEPLOYMENT_READS, ids=short_name)
def test_deployment_is_read_without_loss(
    gatepost: Gatepost, deployment: str, operation: Any
) -> None:
    """The models of a deployment and its parts have every JSON field and write the same JSON."""
    response = operation.sync_detailed(deployment, client=gatepost.client)

    assert response.status_code == 200
    assert response.parsed.to_dict() == json.loads(response.content)


def test_freeze_is_read_by_its_id(gatepost: Gatepost) -> None:
    """Reading a freeze by its id returns the scope and times from the response that created it."""
    scope = FreezeScopeBody(service=NAME)
    imposed = gatepost.impose_freeze(FreezeCreate(reason="The sale.", scope=scope, ttl_s=1))

    freeze = gatepost.get_freeze(f"{imposed.id}")

    assert (freeze.id, freeze.scope) == (imposed.id, imposed.scope)
    assert (freeze.starts_at, freeze.ends_at) == (imposed.starts_at, imposed.ends_at)
    assert f"UID:{imposed.id}@gatepost" in gatepost.get_freeze_calendar()


@pytest.mark.usefixtures("deployment")
def test_files_and_version_names_are_transferred_unchanged(gatepost: Gatepost) -> None:
    """Generated files are text, archives are bytes, and version names may contain slashes."""
    contracts = gatepost.get_contracts(NAME)
    text = gatepost.get_contract_file(NAME, contracts.files[0].path)
    archive = gatepost.get_contracts_zip(NAME).payload.read()
    version = gatepost.get_version(NAME, "feature/a%2F")

    with ZipFile(BytesIO(archive)) as zip_file:
        assert zip_file.namelist() == [file.path for file in contracts.files]
        assert zip_file.read(contracts.files[0].path).decode() == text
    assert version.version == "feature/a%2F"


def test_evidence_is_downloaded_as_an_archive(gatepost: Gatepost, deployment: str) -> None:
    """The client returns the archive, which contains the verifier."""
    archive = gatepost.get_deployment_evidence_zip(deployment)

    with ZipFile(archive.payload) as zip_file:
        assert any(name.endswith("verify.py") for name in zip_file.namelist())


@pytest.mark.usefixtures("deployment")
@pytest.mark.parametrize("media_type", [None, "text/csv"])
def test_history_is_imported_from_a_file(gatepost: Gatepost, media_type: str | None) -> None:
    """A file can be imported with or without a media type."""
    row = f"{NAME},{NAME},1.0.0,2026-11-20T09:30:00Z,{uuid4()}\n"
    rows = f"service,environment,version,deployed_at,external_id\n{row}"

    result = gatepost.import_history(File(payload=BytesIO(rows.encode()), mime_type=media_type))

    assert (result.imported, result.repeated) == (1, 0)


@pytest.mark.usefixtures("deployment")
def test_target_settings_are_read_back_as_sent(gatepost: Gatepost) -> None:
    """Executor settings are read as the type of their kind, and a check keeps its body."""
    target = gatepost.get_target(NAME, NAME)

    assert list(every(gatepost.list_targets, NAME)) == [target]
    assert target in list(every(gatepost.list_target_versions, NAME, NAME))
    assert target.executor == CommandExecutor(arguments=["/opt/deploy", "desk"])
    assert target.checks[0].body == {"deep": [1.5, None]}


REFUSALS: list[tuple[int, str, Callable[[Gatepost, str], object]]] = [
    (404, "unknown_service", lambda gatepost, _: gatepost.get_service(f"{NAME}-x")),
    (409, "transition_refused", lambda gatepost, number: gatepost.start_deployment(number)),
    (
        412,
        "stale",
        lambda gatepost, number: gatepost.start_deployment(number, if_match=etag(1)),
    ),
    (422, "invalid", lambda gatepost, _: gatepost.list_deployments(limit=0)),
]


@pytest.mark.parametrize(("status", "code", "call"), REFUSALS)
def test_refusal_is_a_problem(
    gatepost: Gatepost,
    deployment: str,
    status: int,
    code: str,
    call: Callable[[Gatepost, str], object],
) -> None:
    """A documented refusal has its status and a stable code."""
    with pytest.raises(GatepostProblem) as refused:
        call(gatepost, deployment)

    assert (refused.value.status, refused.value.code) == (status, code)


def test_unchanged_resource_is_not_sent_again(gatepost: Gatepost, deployment: str) -> None:
    """A request with the current ETag is answered with 304."""
    current = gatepost.get_deployment(deployment)

    response = get_deployment.sync_detailed(
        deployment, client=gatepost.client, if_none_match=etag(current.revision)
    )

    assert (response.status_code, response.parsed) == (304, None)
