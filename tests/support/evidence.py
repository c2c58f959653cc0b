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
from tests.support.api import Api, Json, found, made, token_of
from tests.support.working import STEP, finish, one_claimed

Tampering = Callable[[Json], None]


async def reviewed(api: Api) -> str:
    """A deployment that two reviewed, for which eve passed a freeze, and that succeeded."""
    asked = await api.deployment(Status.APPROVED, notes="For the sale.")
    made(await api.post("/freezes", {"reason": "The sale."}))
    passed = {"gate": "freeze", "reason": "The shop is down."}
    path = f"/deployments/{asked['number']}"
    found(await api.post(f"{path}/override", passed, headers=token_of("eve")))
    for action in (Action.START, Action.SUCCEED):
        found(await api.act(asked, action, actor="olga"))
    return str(asked["number"])


async def carried_out(api: Api) -> str:
    """A deployment that a worker carried out, and told of in three steps."""
    task = await one_claimed(api)
    steps = [STEP | {"name": name} for name in ("health", "orders", "basket")]
    found(await finish(api, task, steps=steps))
    return str(task["deployment"]["number"])


async def evidence_of(api: Api, number: str) -> Json:
    """The document."""
    return found(await api.get(f"/deployments/{number}/evidence"))


async def unpacked(api: Api, number: str, folder: Path) -> Path:
    """The archive, unpacked."""
    response = await api.get(f"/deployments/{number}/evidence", params={"format": "zip"})
    with ZipFile(BytesIO(response.content)) as archive:
        archive.extractall(folder)
    return folder


def verified(folder: Path, *arguments: str) -> tuple[int, str]:
    """The exit code of the archive's program, and what it says."""
    command = [sys.executable, "-I", "-W", "error", f"{folder / 'verify.py'}", *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return ran.returncode, ran.stdout + ran.stderr


def tampered(folder: Path, *tamperings: Tampering) -> tuple[int, str]:
    """What the program says of a copy that somebody changed."""
    document = json.loads((folder / "evidence.json").read_text("utf-8"))
    for each in tamperings:
        each(document)
    copy = folder / "tampered.json"
    copy.write_text(json.dumps(document), "utf-8")
    return verified(folder, f"{copy}")
