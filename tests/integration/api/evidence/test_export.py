"""Exporting evidence over HTTP: everything about a deployment as a document or an archive."""

from __future__ import annotations

import asyncio
import json
from hashlib import sha256
from io import BytesIO
from zipfile import ZipFile

import pytest

from gatepost_domain.status_transitions import Action, Status
from tests.support.http.api import Api, Json, assert_problem, ok_json
from tests.support.http.evidence import (
    create_hidden_record,
    create_reviewed_deployment,
    create_worker_deployment,
    get_evidence,
    import_deployment,
)


@pytest.mark.parametrize("reference", ["DEP-9", "9", "latest", "%20"])
@pytest.mark.parametrize("form", ["json", "zip"])
async def test_evidence_of_an_unknown_deployment_is_404(
    api: Api, reference: str, form: str
) -> None:
    """The response is 404 for the document and for the archive."""
    path = f"/deployments/{reference}/evidence"

    assert_problem(await api.get(path, params={"format": form}), 404, "unknown_deployment")


@pytest.mark.parametrize("form", ["", "pdf", "ZIP", "json,zip"])
async def test_unknown_evidence_format_is_refused(api: Api, form: str) -> None:
    """The error points at the parameter."""
    await api.create_deployment()

    response = await api.get("/deployments/1/evidence", params={"format": form})

    assert_problem(response, 422, "invalid", "query/format")


async def test_document_is_complete(api: Api) -> None:
    """The document contains the deployment, policy, approvals, gates and every event."""
    number = await create_reviewed_deployment(api)

    evidence = await get_evidence(api, number)
    policy = ok_json(await api.get("/environments/production/policy"))
    assert evidence["generated_at"] == "2026-11-21T12:00:00Z"
    assert evidence["deployment"] == ok_json(await api.get(f"/deployments/{number}"))
    assert evidence["policy"] == policy
    assert [approval["actor"] for approval in evidence["consent"]["approvals"]] == [
        "quinn",
        "devin",
    ]
    assert {approval["digest"] for approval in evidence["consent"]["approvals"]} == {
        evidence["consent"]["digest"]
    }
    assert evidence["consent"]["to"]["risk"] == evidence["deployment"]["risk"]
    assert evidence["events"] == await api.events({"number": number})
    assert evidence["chain"]["last_hash"] == evidence["events"][-1]["hash"]
    assert evidence["chain"]["events"] == len(evidence["events"])


async def test_document_has_the_fields_of_the_first_format(api: Api) -> None:
    """Programs that read the first format go on working; fields were only added."""
    evidence = await get_evidence(api, await create_worker_deployment(api))

    assert evidence["format"] == "gatepost-evidence-2"
    assert evidence.keys() >= {
        "format",
        "generated_at",
        "deployment",
        "policy",
        "consent",
        "gates_at_start",
        "steps",
        "events",
        "chain",
    }
    assert evidence["chain"].keys() >= {
        "event_rule",
        "chain_rule",
        "consent_rule",
        "steps_rule",
        "events",
        "deployment_hash",
        "last_seq",
        "last_hash",
    }


async def test_document_contains_what_proves_it(api: Api) -> None:
    """The stored state, the event that set the policy, the target, proofs and a checkpoint."""
    evidence = await get_evidence(api, await create_worker_deployment(api))
    target = ok_json(await api.get("/services/shop/targets/test"))
    checkpoint = await api.get("/audit/checkpoint")

    assert evidence["state"]["columns"]["status"] == "succeeded"
    assert evidence["state"]["event"] == evidence["events"][-1]["seq"]
    assert evidence["policy_event"]["kind"] == "environment_created"
    assert evidence["policy_event"]["data"]["environment"] == "test"
    kept = evidence["target"]
    assert (kept["service"], kept["environment"]) == ("shop", "test")
    assert (kept["version"], kept["set_by"]) == (target["revision"], target["changed_by"])
    assert kept["set_at"] == target["changed_at"]
    assert kept["settings"]["base_url"] == target["base_url"]
    assert [check["name"] for check in kept["settings"]["checks"]] == [
        check["name"] for check in target["checks"]
    ]
    assert kept["digest"] == evidence["deployment"]["target_digest"]
    assert evidence["consent"]["to"]["target_digest"] == kept["digest"]
    assert evidence["recorded_by"] is None
    seqs = {event["seq"] for event in evidence["events"]} | {evidence["policy_event"]["seq"]}
    assert {proof["seq"] for proof in evidence["inclusion"]} == seqs | {
        evidence["chain"]["last_seq"]
    }
    assert evidence["checkpoint"] == {
        "note": checkpoint.text,
        "public_key": checkpoint.headers["Gatepost-Public-Key"],
    }
    proof = evidence["inclusion"][-1]
    expected = ok_json(await api.get("/audit/proof", params={"seq": proof["seq"]}))
    assert proof["hashes"] == expected["hashes"]


@pytest.mark.parametrize("kind", ["recorded", "history_imported"])
async def test_document_says_who_recorded_a_deployment(api: Api, kind: str) -> None:
    """The time is that of the record, not of the deployment."""
    create = {"recorded": create_hidden_record, "history_imported": import_deployment}
    evidence = await get_evidence(api, await create[kind](api))

    assert evidence["recorded_by"] == {
        "kind": kind,
        "actor": "owner",
        "on_behalf_of": None,
        "at": "2026-11-21T12:00:00Z",
        "event": evidence["events"][0]["seq"],
    }


async def test_gates_are_those_of_the_start(api: Api) -> None:
    """The state of each gate at the start is included, with a message if it was overridden."""
    evidence = await get_evidence(api, await create_reviewed_deployment(api))

    gates = {gate["kind"]: gate for gate in evidence["gates_at_start"]}
    assert gates["lane"] == {
        "kind": "lane",
        "state": "open",
        "code": "lane_free",
        "message": None,
    }
    assert gates["freeze"]["state"] == "overridden"
    assert gates["freeze"]["message"].startswith("Overridden by eve: The shop is down.")


async def test_unstarted_deployment_has_no_gates_at_start(api: Api) -> None:
    """The gates at the start are null until the deployment has started."""
    await api.deployment(Status.APPROVED)

    assert (await get_evidence(api, "1"))["gates_at_start"] is None


async def test_steps_have_the_digest_of_the_final_event(api: Api) -> None:
    """The event that ended the deployment contains the digest of the steps."""
    evidence = await get_evidence(api, await create_worker_deployment(api))

    final_event = evidence["events"][-1]
    assert [step["name"] for step in evidence["steps"]["items"]] == ["health", "orders", "basket"]
    assert evidence["steps"]["vouched_for_by"] == final_event["seq"]
    assert evidence["steps"]["digest"] == final_event["data"]["steps_digest"]


async def test_archive_has_the_document_and_its_verifier(api: Api) -> None:
    """Each file matches its listed checksum, and the document is the one that the API returns."""
    number = await create_reviewed_deployment(api)
    response = await api.get(f"/deployments/{number}/evidence", params={"format": "zip"})

    assert response.headers["Content-Type"] == "application/zip"
    assert response.headers["Content-Disposition"] == (
        f'attachment; filename="{number}-evidence.zip"'
    )
    with ZipFile(BytesIO(response.content)) as archive:
        *files, last = archive.namelist()
        assert files[:3] == ["evidence.json", "README.txt", "verify.py"]
        assert last == "SHA256SUMS"
        assert {name.split("/")[0] for name in files[3:]} == {"gatepost_api", "gatepost_domain"}
        checksums = [f"{sha256(archive.read(name)).hexdigest()}  {name}" for name in files]
        assert archive.read("SHA256SUMS").decode().splitlines() == checksums
        assert json.loads(archive.read("evidence.json")) == await get_evidence(api, number)


async def test_archive_is_reproducible(api: Api) -> None:
    """Every download has the same bytes until the state or the time changes."""
    path = f"/deployments/{await create_reviewed_deployment(api)}/evidence?format=zip"

    first, second = (await api.get(path)).content, (await api.get(path)).content
    await api.create_deployment()

    assert first == second
    assert first != (await api.get(path)).content


async def test_other_deployments_change_only_the_checkpoint(api: Api) -> None:
    """Later events of other deployments change the checkpoint, which is the end of the event log.

    The rest of the document stays the same.
    """
    number = await create_reviewed_deployment(api)
    before = await get_evidence(api, number)
    other = await api.create_deployment(environment="staging")
    ok_json(await api.perform(other, Action.CANCEL))

    after = await get_evidence(api, number)
    assert after["chain"].pop("last_seq") == before["chain"].pop("last_seq") + 2
    assert after["chain"].pop("last_hash") != before["chain"].pop("last_hash")
    old, new = before.pop("inclusion"), after.pop("inclusion")
    assert [proof["seq"] for proof in new[:-1]] == [proof["seq"] for proof in old]
    assert new[-1]["index"] == old[-1]["index"] + 2
    assert after.pop("checkpoint") != before.pop("checkpoint")
    assert after == before


async def test_evidence_is_consistent_during_writes(api: Api) -> None:
    """The deployment, its events and the checkpoint are read at one instant."""
    documents: list[Json] = []
    await api.create_deployment()
    writing = asyncio.gather(approve_and_cancel(api, {"number": "DEP-1"}), deploy(api))
    while not writing.done():
        documents.append(await get_evidence(api, "DEP-1"))
        await asyncio.sleep(0)
    await writing
    documents.append(await get_evidence(api, "DEP-1"))

    for evidence in documents:
        last = evidence["events"][-1]
        assert evidence["deployment"]["status"] == last["to_status"]
        assert evidence["deployment"]["revision"] == len(evidence["events"])
        assert evidence["chain"]["deployment_hash"] == last["hash"]
        assert evidence["chain"]["last_seq"] >= last["seq"]
    assert documents[0] != documents[-1]


async def deploy(api: Api) -> None:
    """Make many changes to other deployments."""
    deployment = await api.deployment(Status.SUCCEEDED)
    ok_json(await api.perform(deployment, Action.ROLLBACK))
    for _ in range(10):
        await api.create_deployment(environment="staging", service="cart")


async def approve_and_cancel(api: Api, deployment: Json) -> None:
    """Make three changes to a deployment, one after the other."""
    for action, actor in (
        (Action.APPROVE, "quinn"),
        (Action.APPROVE, "devin"),
        (Action.CANCEL, "olga"),
    ):
        ok_json(await api.perform(deployment, action, actor=actor))
