"""The contracts of a service, listed or written into a folder."""

from __future__ import annotations

from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import httpx2
import pytest

from tests.support.command import Command

PATH, TEXT = "terraform/envs/test/shop/main.tf", "module {}\n"


def listed() -> dict[str, Any]:
    digest = sha256(TEXT.encode()).hexdigest()
    files = [{"path": PATH, "digest": digest}]
    return {"template_version": "1", "digest": "0" * 64, "files": files}


def zipped(**files: str) -> httpx2.Response:
    archive = BytesIO()
    with ZipFile(archive, "w") as container:
        for name, text in files.items():
            container.writestr(name, text)
    kind = {"Content-Type": "application/zip"}
    return httpx2.Response(200, content=archive.getvalue(), headers=kind)


@pytest.fixture
def shop(gatepost: Command) -> Command:
    gatepost.says("GET /services/shop/contracts", listed())
    gatepost.says("GET /services/shop/contracts.zip", zipped(**{PATH: TEXT}))
    return gatepost


def test_the_contracts_are_listed(shop: Command) -> None:
    """By path, with their digests; nothing is written."""
    ran = shop("contracts", "shop")

    assert ran.out.splitlines()[1].split() == [PATH, sha256(TEXT.encode()).hexdigest()]
    assert shop.questions == ["GET /services/shop/contracts"]


def test_the_contracts_are_written_into_a_folder(shop: Command, tmp_path: Path) -> None:
    """As they are, over what was there before."""
    folder = tmp_path / "repository"
    (folder / PATH).parent.mkdir(parents=True)
    (folder / PATH).write_text("old")

    ran = shop("contracts", "shop", f"--output={folder}", "--json")

    assert (folder / PATH).read_text() == TEXT
    assert ran.document == listed()
    assert "1 files written" in ran.err


@pytest.mark.parametrize("name", ["../outside", "/outside", "a/../../outside"])
def test_nothing_is_written_outside_of_the_folder(shop: Command, tmp_path: Path, name: str) -> None:
    """Whatever a server names."""
    shop.says("GET /services/shop/contracts.zip", zipped(**{name: TEXT}))

    ran = shop("contracts", "shop", f"--output={tmp_path / 'repository'}")

    assert ran.code == 2
    assert "outside" in ran.err
    assert not (tmp_path / "outside").exists()


def test_a_folder_that_cannot_be_written_to_is_told(shop: Command, tmp_path: Path) -> None:
    """By its name."""
    (tmp_path / "file").write_text("")

    ran = shop("contracts", "shop", f"--output={tmp_path / 'file'}")

    assert ran.code == 2
    assert "cannot write" in ran.err
