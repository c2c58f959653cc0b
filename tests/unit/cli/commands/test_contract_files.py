"""`gatepost contracts`."""

from __future__ import annotations

from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import httpx2
import pytest

from tests.support.cli import CliRunner

PATH, TEXT = "terraform/envs/test/shop/main.tf", "module {}\n"
MODULE_PATH, MODULE_TEXT = "terraform/modules/ecr/main.tf", "resource {}\n"
FILES = {PATH: TEXT, MODULE_PATH: MODULE_TEXT}


def listing() -> dict[str, Any]:
    files = [
        {"path": path, "digest": sha256(text.encode()).hexdigest()} for path, text in FILES.items()
    ]
    return {"template_version": "1", "digest": "0" * 64, "files": files}


def zip_response(**files: str) -> httpx2.Response:
    archive = BytesIO()
    with ZipFile(archive, "w") as zip_file:
        for name, text in files.items():
            zip_file.writestr(name, text)
    headers = {"Content-Type": "application/zip"}
    return httpx2.Response(200, content=archive.getvalue(), headers=headers)


@pytest.fixture
def shop(cli: CliRunner) -> CliRunner:
    cli.prepare("GET /services/shop/contracts", listing())
    cli.prepare("GET /services/shop/contracts.zip", zip_response(**FILES))
    return cli


@pytest.mark.parametrize("name", ["../outside", "/outside", "a/../../outside"])
def test_nothing_is_written_outside_the_folder(shop: CliRunner, tmp_path: Path, name: str) -> None:
    """A path from the server that points outside the folder is refused."""
    shop.prepare("GET /services/shop/contracts.zip", zip_response(**{name: TEXT}))

    result = shop("contracts", "shop", f"--output={tmp_path / 'repository'}")

    assert result.exit_code == 2
    assert "outside" in result.stderr
    assert not (tmp_path / "outside").exists()


def test_folder_that_cannot_be_written_is_a_usage_error(shop: CliRunner, tmp_path: Path) -> None:
    """The error names the path that cannot be written."""
    (tmp_path / "file").write_text("")

    result = shop("contracts", "shop", f"--output={tmp_path / 'file'}")

    assert result.exit_code == 2
    assert f"cannot write {tmp_path / 'file'}" in result.stderr


def test_contracts_are_listed_with_their_digests(shop: CliRunner) -> None:
    """Without `--output`, files are listed with their digests and the archive is not requested."""
    result = shop("contracts", "shop")

    assert [line.split() for line in result.stdout.splitlines()[1:]] == [
        [path, sha256(text.encode()).hexdigest()] for path, text in FILES.items()
    ]
    assert shop.routes == ["GET /services/shop/contracts"]


def test_contracts_are_written_to_a_folder(shop: CliRunner, tmp_path: Path) -> None:
    """Every file is written to its path in the folder, replacing an existing file."""
    folder = tmp_path / "repository"
    (folder / PATH).parent.mkdir(parents=True)
    (folder / PATH).write_text("old")

    result = shop("contracts", "shop", f"--output={folder}", "--json")

    assert {path: (folder / path).read_text() for path in FILES} == FILES
    assert result.json == listing()
    assert result.stderr == f"Files written to {folder}: 2\n"
