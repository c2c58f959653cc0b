"""Evidence handling as an auditor does it: unpack the archive and run its verifier."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from gatepost_domain.status import Action, Status
from tests.support.http.api import Api, Json, auth_header, created_json, ok_json
from tests.support.http.worker_claims import STEP_BODY, claim_queued_deployment, finish_task

Tampering = Callable[[Json], None]


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
    task = await claim_queued_deployment(api)
    steps = [STEP_BODY | {"name": name} for name in ("health", "orders", "basket")]
    ok_json(await finish_task(api, task, steps=steps))
    return str(task["deployment"]["number"])


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
    """Run the archive's verifier; return its exit code and output."""
    command = [sys.executable, "-I", "-W", "error", f"{folder / 'verify.py'}", *arguments]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return result.returncode, result.stdout + result.stderr


def verify_tampered(folder: Path, *tamperings: Tampering) -> tuple[int, str]:
    """Run the verifier on a modified copy of the document."""
    document = json.loads((folder / "evidence.json").read_text("utf-8"))
    for tampering in tamperings:
        tampering(document)
    copy = folder / "tampered.json"
    copy.write_text(json.dumps(document), "utf-8")
    return run_verifier(folder, f"{copy}")
