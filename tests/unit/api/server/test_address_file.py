"""The file with the URL of the running server."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from gatepost_api.server import address_file
from gatepost_api.server.address_file import (
    ADDRESS_FILE,
    PUBLIC_ADDRESS_FILE,
    announced_address,
    find_address_for_people,
    find_server_url,
)

DEFAULT = "http://127.0.0.1:8000"


@pytest.fixture(autouse=True)
def _without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address_file, "_PAUSE_S", 0.0)


def test_the_file_exists_while_the_server_runs(tmp_path: Path) -> None:
    """The server writes its URL to the file, and removes the file when it stops."""
    file = tmp_path / ADDRESS_FILE

    with announced_address(tmp_path, "http://[::1]:1"):
        content = file.read_text(encoding="ascii")

    assert content == "http://[::1]:1\n"
    assert not file.exists()


def test_public_url_has_a_file_of_its_own(tmp_path: Path) -> None:
    """Links name the public URL as long as the server runs, and a later server without one."""
    with announced_address(tmp_path, "http://127.0.0.1:1", "https://gatepost.example"):
        assert find_address_for_people(tmp_path) == "https://gatepost.example"
    assert find_address_for_people(tmp_path) is None

    (tmp_path / PUBLIC_ADDRESS_FILE).write_text("https://old.example\n", encoding="ascii")
    with announced_address(tmp_path, "http://127.0.0.1:1"):
        assert find_address_for_people(tmp_path) is None


def test_the_file_of_a_second_server_is_kept(tmp_path: Path) -> None:
    """A server that stops does not remove the URL that another server has written meanwhile."""
    with announced_address(tmp_path, "http://127.0.0.1:1"):
        (tmp_path / ADDRESS_FILE).write_text("http://127.0.0.1:2\n", encoding="ascii")

    assert (tmp_path / ADDRESS_FILE).read_text(encoding="ascii") == "http://127.0.0.1:2\n"


def test_without_a_file_the_default_is_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """If the file does not exist, the default URL is used without a warning."""
    assert find_server_url(tmp_path, default=DEFAULT) == DEFAULT
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("content", ["http://127.0.0.1:{port}", "https://127.0.0.1:{port}", "x y"])
def test_a_stale_file_is_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    """The message names the file, the URL in it and the URL that is used instead."""
    with socket.socket() as closed:  # bound, but not listening
        closed.bind(("127.0.0.1", 0))
        url = content.format(port=closed.getsockname()[1])
        (tmp_path / ADDRESS_FILE).write_text(url, encoding="ascii")

        assert find_server_url(tmp_path, default=DEFAULT) == DEFAULT

    assert capsys.readouterr().err == (
        f"According to {tmp_path / ADDRESS_FILE}, the server is at {url}, but no Gatepost server "
        "answers there: the server was killed or is on another machine. "
        f"Using {DEFAULT}; choose another URL with --url.\n"
    )


def test_with_tls_a_server_that_accepts_connections_is_found(tmp_path: Path) -> None:
    """The server is found even if its certificate is not trusted on this machine."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"https://127.0.0.1:{listener.getsockname()[1]}"
        (tmp_path / ADDRESS_FILE).write_text(url, encoding="ascii")

        assert find_server_url(tmp_path, default=DEFAULT) == url
