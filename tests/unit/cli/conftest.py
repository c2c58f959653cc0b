"""A fixture that runs the command without settings from the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.cli import CliRunner


@pytest.fixture
def cli(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> CliRunner:
    for name in ("GATEPOST_URL", "GATEPOST_TOKEN", "GATEPOST_DATA", "GATEPOST_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("XDG_CONFIG_HOME", "APPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    return CliRunner(capsys)
