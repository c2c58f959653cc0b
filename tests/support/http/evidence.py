"""Evidence as an auditor holds it: unpacked into a folder, and verified by its own program."""

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
    """A deployment that two reviewed, for which eve passed a freeze, and that succeeded."""
    asked = await api.deployment(Status.APPROVED, notes="For the sale.")
    created_json(await api.post("/freezes", {"reason": "The sale."}))
    passed = {"gate": "freeze", "reason": "The shop is down."}
    path = f"/deployments/{asked['number']}"
    ok_json(await api.post(f"{path}/override", passed, headers=auth_header("eve")))
    for action in (Action.START, Action.SUCCEED):
        ok_json(await api.perform(asked, action, actor="olga"))
    return str(asked["number"])


async def create_worker_deployment(api: Api) -> str:
    """A deployment that a worker carried out, and told of in three steps."""
    task = await claim_queued_deployment(api)
    steps = [STEP_BODY | {"name": name} for name in ("health", "orders", "basket")]
    ok_json(await finish_task(api, task, steps=steps))
    return str(task["deployment"]["number"])


async def get_evidence(api: Api, number: str) -> Json:
    """The document."""
    return ok_json(await api.get(f"/deployments/{number}/evidence"))


async def unpack_archive(api: Api, number: str, folder: Path) -> Path:
    """The archive, unpacked."""
    response = await api.get(f"/deployments/{number}/evidence", params={"format": "zip"})
    with ZipFile(BytesIO(response.content)) as archive:
        archive.extractall(folder)
    return folder


def run_verifier(folder: Path, *arguments: str) -> tuple[int, str]:
    """The exit code of the archive's program, and what it says."""
    command = [sys.executable, "-I", "-W", "error", f"{folder / 'verify.py'}", *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return ran.returncode, ran.stdout + ran.stderr


def verify_tampered(folder: Path, *tamperings: Tampering) -> tuple[int, str]:
    """What the program says of a copy that somebody changed."""
    document = json.loads((folder / "evidence.json").read_text("utf-8"))
    for each in tamperings:
        each(document)
    copy = folder / "tampered.json"
    copy.write_text(json.dumps(document), "utf-8")
    return run_verifier(folder, f"{copy}")
