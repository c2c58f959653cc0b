"""Evidence handling as an auditor does it: unpack the archive and run its verifier."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from zipfile import ZipFile

from gatepost_api.evidence.offline.document import parse_document
from gatepost_api.evidence.offline.verification import verify_document
from gatepost_domain.status_transitions import Action, Status
from gatepost_domain.verification.faults import Fault
from gatepost_domain.verification.signed_note import VerifierKey, parse_verifier_key
from tests.support.http.api import Api, Json, auth_header, created_json, ok_json
from tests.support.http.worker_claims import STEP_BODY, claim_queued_deployment, finish_task

JsonPath = tuple[str | int, ...]

HISTORY: Final = (
    "service,environment,version,deployed_at\nshop,production,1.0.0,2026-11-20T00:00:00Z\n"
)
INSTANT: Final = re.compile(r"2026-[0-9-]{5}T[0-9:.]+Z")


async def create_reviewed_deployment(api: Api) -> str:
    """Create a successful deployment with two reviews and an override; return its number."""
    deployment = await api.deployment(Status.APPROVED, notes="For the sale.")
    created_json(await api.post("/freezes", {"reason": "The sale."}))
    body = {"gate": "freeze", "reason": "The shop is down."}
    path = f"/deployments/{deployment['number']}"
    ok_json(await api.post(f"{path}/override", body, headers=auth_header("eve")))
    for action in (Action.START, Action.SUCCEED):
        ok_json(await api.perform(deployment, action, actor="olga"))
    return str(deployment["number"])


async def create_worker_deployment(api: Api) -> str:
    """Create a deployment that a worker performed in three steps; return its number."""
    target = {"executor": {"kind": "simulated", "duration_s": 1, "outcome": "succeed"}}
    ok_json(await api.put("/services/shop/targets/test", target))
    task = await claim_queued_deployment(api)
    steps = [STEP_BODY | {"name": name} for name in ("health", "orders", "basket")]
    ok_json(await finish_task(api, task, steps=steps))
    return str(task["deployment"]["number"])


async def create_emergency_deployment(api: Api) -> str:
    """Create a deployment by break-glass that was reviewed later and rolled back."""
    await api.deployment(Status.SUCCEEDED)
    await api.version("2.0.0")
    bad = await api.create_deployment(version="2.0.0")
    for action in (Action.BREAK_GLASS, Action.START, Action.SUCCEED):
        ok_json(await api.perform(bad, action, actor="eve"))
    ok_json(await api.perform(bad, Action.AFTER_REVIEW, actor="quinn"))
    rollback = {"note": "Errors.", "redeploy": True}
    ok_json(await api.post(f"/deployments/{bad['number']}/rollback", rollback))
    return str(bad["number"])


async def create_hidden_record(api: Api) -> str:
    """Record a deployment that was made elsewhere, hide it, and return its number."""
    body = {"service": "cart", "environment": "production", "version": "1.0.0"}
    record = created_json(await api.post("/deployments/record", body))
    reason = {"reason": "It was another service."}
    ok_json(await api.post(f"/deployments/{record['number']}/hide", reason))
    return str(record["number"])


async def import_deployment(api: Api) -> str:
    """Import a deployment that was made elsewhere, and return its number."""
    headers = {"Content-Type": "text/csv"}
    ok_json(await api.client.post("/api/v1/deployments/import", headers=headers, content=HISTORY))
    return "DEP-1"


async def get_evidence(api: Api, number: str) -> Json:
    """Return the evidence document of a deployment."""
    return ok_json(await api.get(f"/deployments/{number}/evidence"))


async def unpack_archive(api: Api, number: str, folder: Path) -> Path:
    """Unpack the evidence archive into a folder and return it."""
    response = await api.get(f"/deployments/{number}/evidence", params={"format": "zip"})
    with ZipFile(BytesIO(response.content)) as archive:
        archive.extractall(folder)
    return folder


def run_verifier(folder: Path, *arguments: str) -> tuple[int, str]:
    """Run the archive's verifier where no package is installed; return exit code and output."""
    command = [sys.executable, "-I", "-S", "-W", "error", f"{folder / 'verify.py'}", *arguments]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    result = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=folder,
        env=environment,
    )
    return result.returncode, " ".join((result.stdout + result.stderr).split())


def find_faults(document: Json, key: VerifierKey | None = None) -> list[Fault]:
    """Return the faults that the verifier finds in a document."""
    return verify_document(parse_document(json.dumps(document).encode()), key).faults


def key_of(document: Json) -> VerifierKey:
    """Return the public key in a document."""
    return parse_verifier_key(document["checkpoint"]["public_key"])


def paths_of_leaves(value: object, path: JsonPath = ()) -> Iterator[JsonPath]:
    """Yield the path of every value in a document that is not an object or a list with members."""
    if isinstance(value, dict) and value:
        for name, member in value.items():
            yield from paths_of_leaves(member, (*path, name))
    elif isinstance(value, list) and value:
        for index, member in enumerate(value):
            yield from paths_of_leaves(member, (*path, index))
    else:
        yield path


def value_at(path: JsonPath, document: Json) -> Any:
    """Return the value at a path in a document."""
    value: Any = document
    for step in path:
        value = value[step]
    return value


def set_value(value: object, path: JsonPath, document: Json) -> None:
    """Set the value at a path in a document."""
    value_at(path[:-1], document)[path[-1]] = value


def different_value(value: object) -> object:
    """Return a different value of the same kind."""
    match value:
        case bool():
            return not value
        case str() if INSTANT.fullmatch(value):
            return value.replace("2026-", "2025-")
        case str():
            return f"{value[:-1]}{'0' if value[-1:] != '0' else '1'}"
        case int():
            return value + 1
        case _:
            return "other"
