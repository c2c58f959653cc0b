"""`GET /audit/verify`: for auditors, with the faults of the whole record, one at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from gatepost_api.audit.verification import verify_record
from gatepost_api.http.app_context import AppContext
from gatepost_api.signing.checkpoint_folder import CheckpointFolder
from gatepost_domain.access.roles import Role
from gatepost_domain.ports.audit import VerificationResult
from gatepost_domain.status_transitions import Status
from gatepost_domain.storage_errors import ReadTimedOut
from gatepost_domain.verification import ed25519
from gatepost_domain.verification.checkpoint import Checkpoint, open_checkpoint
from tests.support.http.api import Api, Json, assert_problem, auth_header, ok_json
from tests.support.http.audit import tamper

PATHS = ("/audit/verify", "/audit/export", "/audit/export?format=zip")


def context_of(api: Api) -> AppContext:
    context: AppContext = api.app.state.context
    return context


@pytest.mark.parametrize("path", PATHS)
async def test_only_auditors_may_audit(api: Api, path: str) -> None:
    """A user with every other role is refused, and the attempt is recorded."""
    await api.create_user("max", roles=tuple(set(Role) - {Role.AUDITOR}))
    await api.create_user("aud", roles=(Role.AUDITOR,))

    assert_problem(await api.get(path, headers=auth_header("max")), 403, "forbidden")
    assert (await api.get(path, headers=auth_header("aud"))).status_code == 200
    denied = [event for event in await api.list_all("/events") if event["kind"] == "access_denied"]
    assert [event["actor"] for event in denied] == ["max"]


async def test_intact_record_has_a_signed_checkpoint(api: Api) -> None:
    """The checkpoint has the number and the root of the verified events."""
    await api.deployment(Status.SUCCEEDED)

    result = ok_json(await api.get("/audit/verify"))

    key = context_of(api).checkpoint_signer.verifier_key
    checkpoint = open_checkpoint(result.pop("checkpoint"), key.name, [key], ed25519.verify)
    head = await api.ledger.reads.read_snapshot(lambda uow: uow.event_log.head())
    assert result == {"ok": True, "events": head.size, "faults": [], "notices": []}
    assert (checkpoint.size, checkpoint.root) == head


async def test_faults_name_table_subject_and_column(api: Api) -> None:
    """A row that was changed past the events is found; nothing is signed."""
    await api.deployment(Status.SUCCEEDED)
    tamper(api.file, "UPDATE deployments SET deployed_by = 'eve'")

    result: Json = ok_json(await api.get("/audit/verify"))

    assert (result["ok"], result["checkpoint"]) == (False, None)
    found = {(fault["table"], fault["subject"], fault["field"]) for fault in result["faults"]}
    assert ("deployments", "DEP-1", "deployed_by") in found


async def test_log_is_compared_with_the_latest_checkpoint_of_the_server(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A log that is shorter than the checkpoint was cut off; a forged checkpoint is a fault."""
    folder = api.file.parent / "checkpoints"
    folder.mkdir()
    context = context_of(api)
    monkeypatch.setattr(CheckpointFolder, "_folder", folder, raising=False)
    context.checkpoint_folder.__init__(folder)  # type: ignore[misc]  # the folder of this test
    (folder / "000000001000.txt").write_text(
        context.checkpoint_signer.sign(1000, bytes(32)), "utf-8"
    )
    shortened = ok_json(await api.get("/audit/verify"))
    (folder / "000000001001.txt").write_text("forged", "utf-8")
    forged = ok_json(await api.get("/audit/verify"))

    assert [fault["code"] for fault in shortened["faults"]] == ["log_shortened"]
    assert [fault["code"] for fault in forged["faults"]] == ["checkpoint_unusable"]


class SlowReads:
    """Reads whose verification waits until it is released."""

    def __init__(self) -> None:
        self.started = 0
        self.cancelled = 0
        self.released = asyncio.Event()

    async def verify(self, _: Sequence[Checkpoint] = ()) -> VerificationResult:
        self.started += 1
        try:
            await self.released.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        return VerificationResult(events=self.started, root=bytes(32), faults=())


@pytest.fixture
def slow_reads(api: Api, monkeypatch: pytest.MonkeyPatch) -> SlowReads:
    slow = SlowReads()
    monkeypatch.setattr(api.ledger.reads, "verify", slow.verify)
    return slow


async def test_verifications_at_the_same_time_share_one_result(
    api: Api, slow_reads: SlowReads
) -> None:
    """A later verification is a new one."""
    context = context_of(api)
    both = [asyncio.create_task(verify_record(context)) for _ in range(2)]
    await asyncio.sleep(0.05)
    slow_reads.released.set()
    first, second = await asyncio.gather(*both)

    third = await verify_record(context)

    assert first is second
    assert (first.events, third.events) == (1, 2)


async def test_verification_ends_when_all_callers_have_gone(
    api: Api, slow_reads: SlowReads
) -> None:
    """One of two callers can go without ending it for the other."""
    context = context_of(api)
    first, second = (asyncio.create_task(verify_record(context)) for _ in range(2))
    await asyncio.sleep(0.05)
    first.cancel()
    await asyncio.sleep(0.05)
    assert slow_reads.cancelled == 0

    second.cancel()
    await asyncio.sleep(0.05)

    assert (slow_reads.started, slow_reads.cancelled) == (1, 1)
    slow_reads.released.set()
    assert (await verify_record(context)).events == 2


async def test_verification_that_takes_too_long_is_503(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The problem names the command that has no time limit."""

    async def time_out(*_: Any) -> VerificationResult:
        raise ReadTimedOut

    monkeypatch.setattr(api.ledger.reads, "verify", time_out)

    response = await api.get("/audit/verify")

    problem = assert_problem(response, 503, "verification_timed_out")
    assert "gatepost-server verify" in problem["detail"]
    assert response.headers["Retry-After"] == "60"
