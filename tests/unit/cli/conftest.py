"""A fixture that runs the command without settings from the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.cli import CliRunner


@pytest.fixture
def cli(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> CliRunner:
    for name in ("GATEPOST_URL", "GATEPOST_TOKEN", "GATEPOST_DATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return CliRunner(capsys)
