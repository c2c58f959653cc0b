"""The systemd units of `deploy/` are accepted by systemd, and restrict what the programs may do."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]
UNITS: Final = ROOT / "deploy/systemd"
MAX_EXPOSURE: Final = 15
"""The highest exposure that `systemd-analyze security` may compute: 1.5 of 10, in tenths."""
SETTING: Final = re.compile(r"\bGATEPOST_[A-Z_]+")


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run systemd-analyze, or skip the test; on a CI machine, it must be installed."""
    program = shutil.which("systemd-analyze")
    if program is None:
        reason = "systemd-analyze is not installed"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    command = [program, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """Return a folder with the units, whose programs are replaced by one that exists."""
    for file in sorted(UNITS.iterdir()):
        text = re.sub(r"/opt/gatepost/bin/[a-z-]+", "/bin/true", file.read_text(encoding="utf-8"))
        (tmp_path / file.name.replace("@.", "@1.")).write_text(text, encoding="utf-8")
    return tmp_path


def names(folder: Path, *suffixes: str) -> list[str]:
    return [str(file) for file in sorted(folder.iterdir()) if file.suffix in suffixes]


def test_systemd_accepts_the_units(units: Path) -> None:
    """Every key and value is known, and the timer has its service."""
    verified = analyze("verify", "--man=no", *names(units, ".service", ".timer"))

    assert (verified.returncode, verified.stdout + verified.stderr) == (0, "")


@pytest.mark.parametrize("line", ["Usr=x", "ProtectSystem=sometimes", "SystemCallFilter=@nothing"])
def test_a_wrong_line_is_found(units: Path, line: str) -> None:
    """The control: systemd ignores a line that it does not know, but says so."""
    unit = units / "gatepost.service"
    unit.write_text(unit.read_text().replace("[Service]", f"[Service]\n{line}"))

    assert analyze("verify", "--man=no", str(unit)).stderr != ""


def test_units_are_restricted(units: Path) -> None:
    """A program that is taken over can do little: no other file, capability or kernel function."""
    for unit in names(units, ".service"):
        arguments = ("--offline=true", f"--threshold={MAX_EXPOSURE}", "--no-pager")
        judged = analyze("security", *arguments, unit)

        assert judged.returncode == 0, judged.stdout


def test_settings_in_the_examples_exist() -> None:
    """Every setting that the units and examples name is in the operating guide."""
    guide = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
    named = {
        name
        for file in UNITS.iterdir()
        for name in SETTING.findall(file.read_text(encoding="utf-8"))
    }

    assert named
    assert {name for name in named if f"`{name}" not in guide} == set()


def test_programs_of_the_units_are_installed() -> None:
    """The units start the commands that the packages install."""
    started = {
        program
        for file in UNITS.glob("*.service")
        for program in re.findall(r"ExecStart=/opt/gatepost/bin/(\S+)", file.read_text("utf-8"))
    }
    projects = "".join(
        (ROOT / f"services/{name}/pyproject.toml").read_text(encoding="utf-8")
        for name in ("api", "worker")
    )

    assert started == {"gatepost-server", "gatepost-worker"}
    assert all(f"{program} = " in projects for program in started)
