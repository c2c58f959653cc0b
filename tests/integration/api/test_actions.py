"""Moving a deployment over HTTP: what each action answers with and leaves behind."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gatepost_domain.status import Action, Status
from tests.support.domain.lifecycle import NEEDS_NOTE
from tests.support.http.api import Api, auth_header, ok_json

STANDS = {"targets": 1, "current_cells": 1}
STANDS_NO_MORE = {"current_cells": 0}
"""What is kept of the current state, where the deployment is the only one of its lane."""


@pytest.mark.parametrize(
    ("status", "action", "to", "kind", "stamp"),
    [
        (Status.PENDING_APPROVAL, Action.APPROVE, Status.PENDING_APPROVAL, "approved", None),
        (Status.PENDING_APPROVAL, Action.REJECT, Status.REJECTED, "rejected", "reviewed_at"),
        (Status.PENDING_APPROVAL, Action.CANCEL, Status.CANCELLED, "cancelled", "finished_at"),
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
async def test_an_action_answers_with_the_deployment_and_appends_one_event(
    api: Api, status: Status, action: Action, to: Status, kind: str, stamp: str | None
) -> None:
    """The deployment as it stands after it, with its ETag; one event says who, when and why."""
    before = await api.deployment(status)
    events, stored = await api.events(before), dict(api.row_counts())
    api.clock.advance(timedelta(minutes=5))

    response = await api.perform(before, action, actor="quinn")

    after = ok_json(response)
    *earlier, event = await api.events(before)
    read = await api.get(f"/deployments/{before['id']}")
    assert ok_json(read) == after
    assert read.headers["ETag"] == response.headers["ETag"] == f'"{after["revision"]}"'
    assert (after["status"], after["revision"]) == (to, before["revision"] + 1)
    assert stamp is None or after[stamp] == "2026-11-21T12:05:00Z"
    assert earlier == events
    assert (event["kind"], event["actor"]) == (kind, "quinn")
    assert event["at"] == "2026-11-21T12:05:00Z"
    assert (event["from_status"], event["to_status"]) == (status, to)
    assert event["note"] == ("So be it." if action in NEEDS_NOTE else None)
    assert api.row_counts() == stored | {
        "deployment_events": stored["deployment_events"] + 1,
        "last seq": stored["last seq"] + 1,
        **(STANDS if to is Status.SUCCEEDED else {}),
        **(STANDS_NO_MORE if status is Status.SUCCEEDED else {}),
    }


@pytest.mark.parametrize("address", ["id", "DEP-1", "dep-1", "1"])
async def test_an_action_takes_any_name_of_the_deployment(api: Api, address: str) -> None:
    """Whoever reads a number somewhere can act by it."""
    deployment = await api.create_deployment()
    name = deployment["id"] if address == "id" else address

    acted = ok_json(await api.post(f"/deployments/{name}/cancel", {"note": "Wrong version."}))
    assert acted["id"] == deployment["id"]


@pytest.mark.parametrize("action", [Action.APPROVE, Action.START, Action.SUCCEED])
@pytest.mark.parametrize("body", [b"", b"{}"])
async def test_an_action_that_needs_no_reason_needs_no_body(
    api: Api, action: Action, body: bytes
) -> None:
    """Then the caller acts, and says nothing."""
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
async def test_a_note_is_welcome_where_it_is_not_needed(api: Api, action: Action) -> None:
    """What was said stays with the event, line breaks and all."""
    deployment = await api.create_deployment(environment="staging")
    for each in (Action.APPROVE, Action.START, Action.SUCCEED):
        note = {"note": "Looks good.\n\tReally 👍"} if each is action else {}
        ok_json(await api.post(f"/deployments/DEP-1/{each}", note, headers=auth_header("quinn")))

    notes = [event["note"] for event in (await api.events(deployment))[1:]]
    assert notes.count("Looks good.\n\tReally 👍") == 1
    assert notes.count(None) == 2


async def test_each_stage_satisfied_is_told_in_the_words_of_reviewers(api: Api) -> None:
    """From requested by way of qa and devops to executed, with who approved what and when."""
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


async def test_an_approval_binds_to_what_was_approved(api: Api) -> None:
    """The event of an approval carries the digest that the deployment shows."""
    deployment = await api.create_deployment()
    await api.perform(deployment, Action.APPROVE, actor="quinn")

    event = (await api.events(deployment))[-1]
    assert event["stage"] == "qa"
    assert event["data"]["digest"] == deployment["review"]["digest"]


async def test_a_start_for_workers_queues(api: Api) -> None:
    """Where workers carry out, a start hands over: one build, nobody at it yet."""
    deployment = await api.create_deployment(environment="test", start=False)

    queued = ok_json(await api.perform(deployment, Action.START))
    assert queued["status"] == "queued"
    assert queued["queued_at"] == "2026-11-21T12:00:00Z"
    assert queued["execution"] == {"state": "QUEUED", "attempt": 0, "worker": None}
    assert (await api.events(deployment))[-1]["data"] == {"build_id": queued["build_id"]}


async def test_who_takes_a_deployment_back_withdraws_it(api: Api) -> None:
    """A person's cancellation is told apart from those that Gatepost makes."""
    cancelled = await api.deployment(Status.CANCELLED)

    assert cancelled["cancel_reason"] == "withdrawn"
    assert (await api.events(cancelled))[-1]["data"] == {"reason": "withdrawn"}


async def test_a_deployment_without_workers_has_no_execution(api: Api) -> None:
    """Where people carry out, there is no build and no attempt to tell of."""
    started = await api.deployment(Status.STARTED)

    assert (started["build_id"], started["execution"]) == (None, None)
