"""What a deployment changes, over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from gatepost_domain.status_transitions import Action, Status
from tests.support.http.api import Api, Json, created_json, ok_json

pytestmark = pytest.mark.every_database

COMMITS = {"1.1.0": "1" * 40, "1.2.0": "2" * 40}


@pytest.fixture
async def history(api: Api) -> Api:
    """`shop` 1.0.0 is live in production since 20 November; 1.1.0 and 1.2.0 came later."""
    record = {"service": "shop", "environment": "production", "version": "1.0.0"}
    body = record | {"deployed_at": "2026-11-20T12:00:00Z", "deployed_by": "priya"}
    created_json(await api.post("/deployments/record", body))
    for version, commit in COMMITS.items():
        body = {"version": version, "commit_sha": commit, "notes": f"Notes of {version}."}
        created_json(await api.post("/services/shop/versions", body))
    return api


async def record(api: Api, environment: str, version: str, *, day: int) -> Json:
    body = {
        "service": "shop",
        "environment": environment,
        "version": version,
        "deployed_at": f"2026-11-{day}T12:00:00Z",
    }
    return created_json(await api.post("/deployments/record", body))


async def pending(api: Api, version: str, reference: str = "SHOP-42") -> Json:
    return await api.deployment(
        Status.PENDING_APPROVAL, version=version, work_references=[reference]
    )


async def changes_of(api: Api, deployment: Json) -> Json:
    return ok_json(await api.get(f"/deployments/{deployment['number']}/changes"))


def names(versions: list[Any]) -> list[str]:
    return [version["version"] for version in versions]


async def test_request_is_compared_with_what_is_live(history: Api) -> None:
    """The versions between are those registered after the live one, with their work."""
    await pending(history, "1.1.0", "SHOP-1")
    staged = await record(history, "staging", "1.0.0", day=19)
    request = await history.deployment(
        Status.PENDING_APPROVAL, version="1.2.0", work_references=["SHOP-2"]
    )

    changes = await changes_of(history, request)

    assert changes["direction"] == "forward"
    replaced = changes["from"]
    assert (replaced["number"], replaced["version"]["version"]) == ("DEP-1", "1.0.0")
    assert (replaced["deployed_by"], replaced["live_for_s"]) == ("priya", 24 * 3600)
    assert changes["to"]["commit_sha"] == COMMITS["1.2.0"]
    assert names(changes["versions"]) == ["1.2.0", "1.1.0"]
    assert changes["versions"][1]["notes"] == "Notes of 1.1.0."
    assert changes["work_references"] == ["SHOP-2", "SHOP-1"]
    assert changes["earlier_runs"] == []
    assert changes["commits"] == {"first": None, "last": COMMITS["1.2.0"], "url": None}
    assert (await changes_of(history, staged))["direction"] == "first"


async def test_deployment_keeps_the_change_that_it_made(history: Api) -> None:
    """Once it was live, it is compared with what was live before it, also after later ones."""
    first = await history.deployment(Status.SUCCEEDED, version="1.1.0")
    history.clock.advance(timedelta(hours=2))
    second = await history.deployment(Status.SUCCEEDED, version="1.2.0")
    history.clock.advance(timedelta(hours=2))

    changes = await changes_of(history, second)

    assert changes["from"]["number"] == first["number"]
    assert changes["from"]["live_for_s"] == 2 * 3600
    assert names(changes["versions"]) == ["1.2.0"]
    assert changes["commits"]["first"] == COMMITS["1.1.0"]
    assert (await changes_of(history, first))["from"]["version"]["version"] == "1.0.0"
    ok_json(await history.perform(second, Action.ROLLBACK))
    assert await changes_of(history, second) == changes


async def test_earlier_version_removes_what_lies_between(history: Api) -> None:
    """A deployment that goes backward lists the versions and the work that it takes away."""
    await history.deployment(Status.SUCCEEDED, version="1.2.0", work_references=["SHOP-2"])
    history.clock.advance(timedelta(hours=1))
    request = await history.deployment(
        Status.PENDING_APPROVAL, version="1.0.0", work_references=["SHOP-9"]
    )

    changes = await changes_of(history, request)

    assert changes["direction"] == "backward"
    assert names(changes["versions"]) == ["1.2.0", "1.1.0"]
    assert changes["work_references"] == ["SHOP-9", "SHOP-2"]
    again = await pending(history, "1.2.0")
    assert ((await changes_of(history, again))["direction"], changes["to"]["commit_sha"]) == (
        "same",
        None,
    )


async def test_earlier_runs_name_the_other_environments(history: Api) -> None:
    """Only deployments of the same version that went live count, the latest of each place."""
    await record(history, "staging", "1.2.0", day=18)
    staged = await record(history, "staging", "1.2.0", day=19)
    await record(history, "test", "1.1.0", day=19)
    await history.deployment(Status.CANCELLED, environment="development", version="1.2.0")
    request = await pending(history, "1.2.0")

    (run,) = (await changes_of(history, request))["earlier_runs"]

    assert (run["environment"], run["number"], run["status"], run["checks"]) == (
        "staging",
        staged["number"],
        "succeeded",
        [],
    )


async def test_link_leads_to_the_commits(history: Api) -> None:
    """The repository's host decides which page shows the commits."""
    repository = "https://github.com/acme/shop"
    change = await history.client.patch("/api/v1/services/shop", json={"repo_url": repository})
    change.raise_for_status()
    await history.deployment(Status.SUCCEEDED, version="1.1.0")
    history.clock.advance(timedelta(hours=1))
    request = await pending(history, "1.2.0")

    commits = (await changes_of(history, request))["commits"]

    assert commits["url"] == f"{repository}/compare/{COMMITS['1.1.0']}...{COMMITS['1.2.0']}"
