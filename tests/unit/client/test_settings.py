"""Which server is called, and by which token."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatepost_client import BadSettings, Gatepost


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("GATEPOST_URL", "GATEPOST_TOKEN", "GATEPOST_DATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def the_owners_token_in(folder: Path) -> None:
    folder.mkdir()
    (folder / "owner.token").write_text("gp_u_owner\n", "utf-8")


def called(gatepost: Gatepost) -> tuple[str, str]:
    http = gatepost.client.get_httpx_client()
    return str(http.base_url), http.headers["authorization"]


def test_a_server_started_here_is_called_as_its_owner(tmp_path: Path) -> None:
    """Beside a server's data folder, nothing needs to be said at all."""
    the_owners_token_in(tmp_path / "data")

    with Gatepost() as gatepost:
        assert called(gatepost) == ("http://127.0.0.1:8000", "Bearer gp_u_owner")


def test_the_environment_can_name_the_data_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """GATEPOST_DATA means to the client what it means to the server."""
    the_owners_token_in(tmp_path / "elsewhere")
    monkeypatch.setenv("GATEPOST_DATA", "elsewhere")

    with Gatepost() as gatepost:
        assert called(gatepost)[1] == "Bearer gp_u_owner"


def test_the_environment_can_name_server_and_token(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """GATEPOST_URL and GATEPOST_TOKEN go before what lies in a data folder."""
    the_owners_token_in(tmp_path / "data")
    monkeypatch.setenv("GATEPOST_URL", "https://gatepost.example/deploys")
    monkeypatch.setenv("GATEPOST_TOKEN", "gp_u_env\n")

    with Gatepost() as gatepost:
        assert called(gatepost) == ("https://gatepost.example/deploys/", "Bearer gp_u_env")


def test_what_is_given_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """An argument is never overruled from outside."""
    monkeypatch.setenv("GATEPOST_URL", "https://gatepost.example")
    monkeypatch.setenv("GATEPOST_TOKEN", "gp_u_env")

    with Gatepost("http://[::1]:9000", token="gp_u_given") as gatepost:
        assert called(gatepost) == ("http://[::1]:9000", "Bearer gp_u_given")


@pytest.mark.parametrize("url", ["http://localhost:1", "http://127.8.8.8", "http://[::1]:1"])
def test_the_owners_token_goes_to_this_machine(url: str, tmp_path: Path) -> None:
    """Every name of this machine will do."""
    the_owners_token_in(tmp_path / "data")

    with Gatepost(url) as gatepost:
        assert called(gatepost)[1] == "Bearer gp_u_owner"


@pytest.mark.parametrize(
    "url",
    [
        "https://gatepost.example",
        "http://10.0.0.7:8000",
        "http://127.0.0.1@gatepost.example",
        "http://127.0.0.1.gatepost.example",
    ],
)
def test_the_owners_token_goes_nowhere_else(url: str, tmp_path: Path) -> None:
    """A token found on this machine is never sent to another."""
    the_owners_token_in(tmp_path / "data")

    with pytest.raises(BadSettings, match="GATEPOST_TOKEN"):
        Gatepost(url)


def test_a_missing_token_is_told_with_all_places_it_could_be() -> None:
    """Whoever has no token learns at once which settings would give one."""
    with pytest.raises(BadSettings, match=r"GATEPOST_TOKEN.*GATEPOST_DATA.*owner\.token"):
        Gatepost()


@pytest.mark.parametrize("token", ["", " ", "a\nb", "schlüssel"])
def test_a_token_that_can_be_none_is_not_sent(token: str, tmp_path: Path) -> None:
    """An empty or broken token is told, and no other is taken in its place."""
    the_owners_token_in(tmp_path / "data")

    with pytest.raises(BadSettings, match="token"):
        Gatepost(token=token)


@pytest.mark.parametrize(
    "url", ["", "gatepost", "127.0.0.1:8000", "ftp://a", "http://", "http://a:port"]
)
def test_what_is_no_url_of_a_server_is_told(url: str) -> None:
    """A URL that cannot be called is refused with an example of one that can."""
    with pytest.raises(BadSettings, match=r"http://127\.0\.0\.1:8000"):
        Gatepost(url, token="t")
