"""Actions on a deployment over HTTP: each action's response and stored event."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gatepost_domain.status_transitions import Action, Status
from tests.support.domain.lifecycle import NEEDS_NOTE
from tests.support.http.api import Api, auth_header, ok_json
from tests.support.http.recorded_events import facts_of

ROWS_WHEN_LIVE = {"targets": 1, "current_cells": 1, "deployment_blocks": 1}
ROWS_WHEN_NOT_LIVE = {"current_cells": 0}
"""Rows of the current state if the deployment is the only one in its lane."""
REVIEWERS_ADDED = {Action.APPROVE: 1, Action.REJECT: 1, Action.WITHDRAW: -1}
"""How many reviewers an action adds, by whose names the deployment is found."""


@pytest.mark.parametrize(
    ("status", "action", "to", "kind", "stamp"),
    [
        (Status.PENDING_APPROVAL, Action.APPROVE, Status.PENDING_APPROVAL, "approved", None),
        (Status.PENDING_APPROVAL, Action.REJECT, Status.REJECTED, "rejected", "reviewed_at"),
        (Status.PENDING_APPROVAL, Action.CANCEL, Status.CANCELLED, "cancelled", "finished_at"),
        (Status.APPROVED, Action.WITHDRAW, Status.PENDING_APPROVAL, "approval_withdrawn", None),
        (Status.APPROVED, Action.START, Status.STARTED, "started", "started_at"),
        (Status.APPROVED, Action.CANCEL, Status.CANCELLED, "cancelled", "finished_at"),
        (Status.QUEUED, Action.CANCEL, Status.CANCELLED, "cancelled", "finished_at"),
        (Status.STARTED, Action.SUCCEED, Status.SUCCEEDED, "succeeded", "deployed_at"),
        (Status.STARTED, Action.FAIL, Status.FAILED, "failed", "finished_at"),
        (Status.STARTED, Action.ROLLBACK, Status.ROLLED_BACK, "rolled_back", "finished_at"),
        (Status.SUCCEEDED, Action.ROLLBACK, Status.ROLLED_BACK, "rolled_back", None),
        (Status.FAILED, Action.ROLLBACK, Status.ROLLED_BACK, "rolled_back", None),
    ],
)
async def test_action_returns_the_deployment_and_appends_one_event(
    api: Api, status: Status, action: Action, to: Status, kind: str, stamp: str | None
) -> None:
    """The response is the changed deployment and its ETag; the event says who, when and why."""
    before = await api.deployment(status)
    events, rows = await api.events(before), dict(api.row_counts())
    api.clock.advance(timedelta(minutes=5))

    response = await api.perform(before, action, actor="quinn")

    after = ok_json(response)
    *earlier, event = await api.events(before)
    reread = await api.get(f"/deployments/{before['id']}")
    assert ok_json(reread) == after
    assert reread.headers["ETag"] == response.headers["ETag"] == f'"{after["revision"]}"'
    assert (after["status"], after["revision"]) == (to, before["revision"] + 1)
    assert stamp is None or after[stamp] == "2026-11-21T12:05:00Z"
    assert earlier == events
    assert (event["kind"], event["actor"]) == (kind, "quinn")
    assert event["at"] == "2026-11-21T12:05:00Z"
    assert (event["from_status"], event["to_status"]) == (status, to)
    assert event["note"] == ("So be it." if action in NEEDS_NOTE else None)
    assert api.row_counts() == rows | {
        "deployment_events": rows["deployment_events"] + 1,
        "last seq": rows["last seq"] + 1,
        "deployment_search_terms": rows["deployment_search_terms"] + REVIEWERS_ADDED.get(action, 0),
        **(ROWS_WHEN_LIVE if to is Status.SUCCEEDED else {}),
        **(ROWS_WHEN_NOT_LIVE if status is Status.SUCCEEDED else {}),
    }


@pytest.mark.parametrize("reference", ["id", "DEP-1", "dep-1", "1"])
async def test_action_accepts_any_reference_to_the_deployment(api: Api, reference: str) -> None:
    """The deployment can be named by its id, or by its number in any spelling."""
    deployment = await api.create_deployment()
    name = deployment["id"] if reference == "id" else reference

    cancelled = ok_json(await api.post(f"/deployments/{name}/cancel", {"note": "Wrong version."}))
    assert cancelled["id"] == deployment["id"]


@pytest.mark.parametrize("action", [Action.APPROVE, Action.START, Action.SUCCEED])
@pytest.mark.parametrize("body", [b"", b"{}"])
async def test_action_without_a_required_note_needs_no_body(
    api: Api, action: Action, body: bytes
) -> None:
    """Without a body, the actor is the caller and the note is null."""
    status = {
        Action.APPROVE: Status.PENDING_APPROVAL,
        Action.START: Status.APPROVED,
        Action.SUCCEED: Status.STARTED,
    }[action]
    deployment = await api.deployment(status)

    response = await api.post(
        f"/deployments/{deployment['number']}/{action}",
        content=body,
        headers={"Content-Type": "application/json"} if body else {},
    )

    ok_json(response)
    event = (await api.events(deployment))[-1]
    assert (event["actor"], event["note"]) == ("owner", None)


@pytest.mark.parametrize("action", [Action.APPROVE, Action.START, Action.SUCCEED])
async def test_optional_note_is_stored(api: Api, action: Action) -> None:
    """The event keeps the note with its line breaks."""
    deployment = await api.create_deployment(environment="staging")
    for performed in (Action.APPROVE, Action.START, Action.SUCCEED):
        note = {"note": "Looks good.\n\tReally 👍"} if performed is action else {}
        ok_json(
            await api.post(f"/deployments/DEP-1/{performed}", note, headers=auth_header("quinn"))
        )

    notes = [event["note"] for event in (await api.events(deployment))[1:]]
    assert notes.count("Looks good.\n\tReally 👍") == 1
    assert notes.count(None) == 2


async def test_review_label_follows_the_stages(api: Api) -> None:
    """The label goes from requested to executed. Each stage shows who approved it and when."""
    deployment = await api.create_deployment()
    labels = [deployment["review"]["label"]]
    for action, actor in (
        (Action.APPROVE, "quinn"),
        (Action.APPROVE, "devin"),
        (Action.START, "olga"),
    ):
        deployment = ok_json(await api.perform(deployment, action, actor=actor))
        labels.append(deployment["review"]["label"])
    executed = ok_json(await api.post("/deployments/DEP-1/succeed"))

    qa, devops = executed["review"]["stages"]
    assert [*labels, executed["review"]["label"]] == [
        "requested",
        "approved_by_qa",
        "approved_by_devops",
        "approved_by_devops",
        "executed",
    ]
    assert (executed["reviewed_by"], executed["reviewed_at"]) == ("devin", "2026-11-21T12:00:00Z")
    assert qa == {
        "name": "qa",
        "required": 1,
        "approvals": [{"actor": "quinn", "at": "2026-11-21T12:00:00Z", "note": None}],
        "satisfied": True,
    }
    assert [approval["actor"] for approval in devops["approvals"]] == ["devin"]


async def test_approval_event_has_the_digest_of_the_deployment(api: Api) -> None:
    """The event contains the digest that binds the approval to what the reviewer approved."""
    deployment = await api.create_deployment()
    await api.perform(deployment, Action.APPROVE, actor="quinn")

    event = (await api.events(deployment))[-1]
    assert event["stage"] == "qa"
    assert event["data"]["digest"] == deployment["review"]["digest"]


async def test_start_queues_a_deployment_for_workers(api: Api) -> None:
    """In a worker-run environment, a start creates a build that no worker has claimed yet."""
    deployment = await api.create_deployment(environment="test", start=False)

    queued = ok_json(await api.perform(deployment, Action.START))
    assert queued["status"] == "queued"
    assert queued["queued_at"] == "2026-11-21T12:00:00Z"
    assert queued["execution"] == {"state": "QUEUED", "attempt": 0, "worker": None}
    assert facts_of((await api.events(deployment))[-1]) == {"build_id": queued["build_id"]}


async def test_cancellation_by_a_person_is_a_withdrawal(api: Api) -> None:
    """The reason is `withdrawn`, unlike the reasons of cancellations by the system."""
    cancelled = await api.deployment(Status.CANCELLED)

    assert cancelled["cancel_reason"] == "withdrawn"
    assert facts_of((await api.events(cancelled))[-1]) == {"reason": "withdrawn"}


async def test_operator_run_deployment_has_a_build_and_an_execution(api: Api) -> None:
    """Its only attempt begins at the start and has no worker; the event contains the build id."""
    approved = await api.deployment(Status.APPROVED)

    started = ok_json(await api.perform(approved, Action.START))

    assert (approved["build_id"], approved["execution"]) == (None, None)
    assert started["execution"] == {"state": "RUNNING", "attempt": 1, "worker": None}
    assert (await api.events(started))[-1]["data"]["build_id"] == started["build_id"]
