"""The server changes settings only in the way that checks whether they are guarded."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

SERVER: Final = Path(__file__).resolve().parents[2] / "services/api/src/gatepost_api"
DIRECT: Final = re.compile(
    r"\b(users\.(add_user|change_user)\b|import .*\b(change_policy|change_environment|put_target|"
    r"retire_target|add_user|change_user)\b)"
)
AS_SYSTEM: Final = {
    "server/bootstrap.py",
    "server/user_commands.py",
    "demo/promotion_scenario.py",
}
"""These act as the system, or before anything is guarded."""


def test_no_way_in_makes_guarded_changes_directly() -> None:
    """The API and the console use `change_settings` for every change that can be guarded."""
    found = {
        path.relative_to(SERVER).as_posix()
        for path in SERVER.rglob("*.py")
        if "_vendor" not in path.parts and DIRECT.search(path.read_text("utf-8"))
    }

    assert found == AS_SYSTEM
