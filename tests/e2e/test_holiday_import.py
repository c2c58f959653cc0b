"""The import of holidays in the operating guide, run as it is there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from gatepost_client import Gatepost, every
from gatepost_client.models import Freeze, Tier
from tests.support.processes.server import ServerProcess

GUIDE = Path(__file__).resolve().parents[2] / "docs/operating.md"
SECTION = re.compile(r"(?ms)^### Holidays\n(.*?)^#")
BLOCK = re.compile(r"(?ms)^```(ics|console|sh)\n(.*?)^```")


def examples() -> dict[str, str]:
    """Return the blocks of the section by their language."""
    (section,) = SECTION.findall(GUIDE.read_text("utf-8"))
    return dict(BLOCK.findall(section))


def run(script: str, folder: Path, server: ServerProcess) -> str:
    """Run a script in a folder with the settings of the owner and return its output."""
    variables = {
        "GATEPOST_URL": server.url,
        "GATEPOST_TOKEN": server.token,
        "XDG_CONFIG_HOME": str(folder),
    }
    completed = subprocess.run(
        ["sh", "-e", "-c", script],
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (completed.returncode, completed.stderr) == (0, "")
    return completed.stdout


def imported(gatepost: Gatepost) -> list[Freeze]:
    """Return the freezes in the order of their reasons."""
    return sorted(every(gatepost.list_freezes), key=lambda freeze: freeze.reason)


def test_holidays_of_the_guide_become_yearly_freezes(
    server: ServerProcess, gatepost: Gatepost, tmp_path: Path
) -> None:
    """The command prints what the guide shows, and the days are those of the time zone."""
    blocks = examples()
    (tmp_path / "holidays.ics").write_text(blocks["ics"], "utf-8")
    command, _, output = blocks["console"].removeprefix("$ ").partition("\n")

    assert run(command, tmp_path, server) == output

    christmas, new_year = imported(gatepost)
    assert (christmas.reason, new_year.reason) == ("Christmas", "New Year's Day")
    for freeze, days in ((christmas, 3), (new_year, 1)):
        assert (freeze.rrule, freeze.series) == ("FREQ=YEARLY", "Holidays")
        assert freeze.scope.tier == Tier.PRODUCTION
        first = freeze.next_[0]
        assert first.ends_at is not None
        assert (first.ends_at - first.starts_at).days == days
        assert first.starts_at.hour == 23  # midnight in Berlin


@pytest.mark.skipif(
    os.environ.get("CI") is None and shutil.which("curl") is None, reason="the example uses curl"
)
def test_the_same_file_sent_with_curl_changes_nothing(
    server: ServerProcess, gatepost: Gatepost, tmp_path: Path
) -> None:
    """The request of the guide imports the same series again, and keeps its freezes."""
    blocks = examples()
    (tmp_path / "holidays.ics").write_text(blocks["ics"], "utf-8")
    run(blocks["console"].removeprefix("$ ").partition("\n")[0], tmp_path, server)
    before = imported(gatepost)

    answer = run(blocks["sh"].replace("curl ", "curl -sS "), tmp_path, server)

    assert '"freezes_added":0' in answer
    assert imported(gatepost) == before
