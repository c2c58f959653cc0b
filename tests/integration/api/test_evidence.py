"""Evidence over HTTP: everything about a deployment in one document, or in an archive."""

from __future__ import annotations

import asyncio
from hashlib import sha256
from io import BytesIO
from zipfile import ZipFile

import pytest

from gatepost_domain.status import Action, Status
from tests.support.api import Api, Json, assert_problem, ok_json
from tests.support.evidence import (
    create_reviewed_deployment,
    create_worker_deployment,
    get_evidence,
)

FILES = ["evidence.json", "README.txt", "verify.py", "SHA256SUMS"]


@pytest.mark.parametrize("reference", ["DEP-9", "9", "latest", "%20"])
@pytest.mark.parametrize("form", ["json", "zip"])
async def test_no_deployment_has_no_evidence(api: Api, reference: str, form: str) -> None:
    """Nothing is made up for what nobody asked for."""
    path = f"/deployments/{reference}/evidence"

    assert_problem(await api.get(path, params={"format": form}), 404, "unknown_deployment")


@pytest.mark.parametrize("form", ["", "pdf", "ZIP", "json,zip"])
async def test_evidence_comes_in_no_other_format(api: Api, form: str) -> None:
    """The answer points at the parameter."""
    await api.create_deployment()

    response = await api.get("/deployments/1/evidence", params={"format": form})

    assert_problem(response, 422, "invalid", "query/format")


async def test_the_document_tells_everything(api: Api) -> None:
    """What was asked, under which policy, who consented to what, the gates, and every event."""
    number = await create_reviewed_deployment(api)

    told = await get_evidence(api, number)
    policy = ok_json(await api.get("/environments/production/policy"))
    assert told["generated_at"] == "2026-11-21T12:00:00Z"
    assert told["deployment"] == ok_json(await api.get(f"/deployments/{number}"))
    assert told["policy"] == policy
    assert [each["actor"] for each in told["consent"]["approvals"]] == ["quinn", "devin"]
    assert {each["digest"] for each in told["consent"]["approvals"]} == {told["consent"]["digest"]}
    assert told["consent"]["to"]["risk"] == told["deployment"]["risk"]
    assert told["events"] == await api.events({"number": number})
    assert told["chain"]["last_hash"] == told["events"][-1]["hash"]
    assert told["chain"]["events"] == len(told["events"])


async def test_the_gates_are_those_of_the_start(api: Api) -> None:
    """As they stood then, with the sentence of the one that was passed."""
    told = await get_evidence(api, await create_reviewed_deployment(api))

    gates = {each["kind"]: each for each in told["gates_at_start"]}
    assert gates["lane"] == {
        "kind": "lane",
        "state": "open",
        "code": "lane_free",
        "message": None,
    }
    assert gates["freeze"]["state"] == "overridden"
    assert gates["freeze"]["message"].startswith("Overridden by eve: The shop is down.")


async def test_what_has_not_started_has_no_gates_at_start(api: Api) -> None:
    """Its gates are another operation's: they still change."""
    await api.deployment(Status.APPROVED)

    assert (await get_evidence(api, "1"))["gates_at_start"] is None


async def test_the_steps_come_with_what_vouches_for_them(api: Api) -> None:
    """Their digest is the one that the ending event has."""
    told = await get_evidence(api, await create_worker_deployment(api))

    ending = told["events"][-1]
    assert [each["name"] for each in told["steps"]["items"]] == ["health", "orders", "basket"]
    assert told["steps"]["vouched_for_by"] == ending["seq"]
    assert told["steps"]["digest"] == ending["data"]["steps_digest"]


async def test_the_archive_holds_the_document_and_what_verifies_it(api: Api) -> None:
    """Each file is what the sums say, and the document is the one that is served."""
    number = await create_reviewed_deployment(api)
    response = await api.get(f"/deployments/{number}/evidence", params={"format": "zip"})

    assert response.headers["Content-Type"] == "application/zip"
    assert response.headers["Content-Disposition"] == (
        f'attachment; filename="{number}-evidence.zip"'
    )
    with ZipFile(BytesIO(response.content)) as archive:
        assert archive.namelist() == FILES
        summed = [f"{sha256(archive.read(name)).hexdigest()}  {name}" for name in FILES[:-1]]
        assert archive.read("SHA256SUMS").decode().splitlines() == summed


async def test_the_archive_is_the_same_to_the_byte(api: Api) -> None:
    """As long as neither the state nor the time changes, two auditors hold the same file."""
    path = f"/deployments/{await create_reviewed_deployment(api)}/evidence?format=zip"

    first, second = (await api.get(path)).content, (await api.get(path)).content
    await api.create_deployment()

    assert first == second
    assert first != (await api.get(path)).content


async def test_what_happens_elsewhere_moves_the_checkpoint_alone(api: Api) -> None:
    """The document tells where the whole history stood, and nothing of other deployments."""
    number = await create_reviewed_deployment(api)
    before = await get_evidence(api, number)
    other = await api.create_deployment(environment="staging")
    ok_json(await api.perform(other, Action.CANCEL))

    after = await get_evidence(api, number)
    assert after["chain"].pop("last_seq") == before["chain"].pop("last_seq") + 2
    assert after["chain"].pop("last_hash") != before["chain"].pop("last_hash")
    assert after == before


async def test_evidence_is_whole_while_writes_go_on(api: Api) -> None:
    """What stands, its events and the checkpoint are of one instant, whatever happens meanwhile."""
    seen: list[Json] = []
    await api.create_deployment()
    writing = asyncio.gather(approve_and_cancel(api, {"number": "DEP-1"}), deploy(api))
    while not writing.done():
        seen.append(await get_evidence(api, "DEP-1"))
        await asyncio.sleep(0)
    await writing
    seen.append(await get_evidence(api, "DEP-1"))

    for told in seen:
        last = told["events"][-1]
        assert told["deployment"]["status"] == last["to_status"]
        assert told["deployment"]["revision"] == len(told["events"])
        assert told["chain"]["deployment_hash"] == last["hash"]
        assert told["chain"]["last_seq"] >= last["seq"]
    assert seen[0] != seen[-1]


async def deploy(api: Api) -> None:
    """Many changes of others."""
    asked = await api.deployment(Status.SUCCEEDED)
    ok_json(await api.perform(asked, Action.ROLLBACK))
    for _ in range(10):
        await api.create_deployment(environment="staging", service="cart")


async def approve_and_cancel(api: Api, asked: Json) -> None:
    """Three changes of a deployment, one after the other."""
    for action, actor in (
        (Action.APPROVE, "quinn"),
        (Action.APPROVE, "devin"),
        (Action.CANCEL, "olga"),
    ):
        ok_json(await api.perform(asked, action, actor=actor))
