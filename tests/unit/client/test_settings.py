"""The client's server URL and token come from arguments, the environment or a data directory."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatepost_client import BadSettings, Gatepost


@pytest.fixture(autouse=True)
def clear_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("GATEPOST_URL", "GATEPOST_TOKEN", "GATEPOST_DATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def write_owner_token(folder: Path) -> None:
    folder.mkdir()
    (folder / "owner.token").write_text("gp_u_owner\n", "utf-8")


def url_and_authorization(gatepost: Gatepost) -> tuple[str, str]:
    http = gatepost.client.get_httpx_client()
    return str(http.base_url), http.headers["authorization"]


def test_default_is_the_local_server_with_its_owner_token(tmp_path: Path) -> None:
    """Without configuration, the client reads the owner's token from the directory `data`."""
    write_owner_token(tmp_path / "data")

    with Gatepost() as gatepost:
        assert url_and_authorization(gatepost) == ("http://127.0.0.1:8000", "Bearer gp_u_owner")


def test_data_directory_can_be_set_by_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The client reads the owner's token from the directory that GATEPOST_DATA names."""
    write_owner_token(tmp_path / "elsewhere")
    monkeypatch.setenv("GATEPOST_DATA", "elsewhere")

    with Gatepost() as gatepost:
        assert url_and_authorization(gatepost)[1] == "Bearer gp_u_owner"


def test_url_and_token_can_be_set_by_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """GATEPOST_URL and GATEPOST_TOKEN take precedence over the data directory."""
    write_owner_token(tmp_path / "data")
    monkeypatch.setenv("GATEPOST_URL", "https://gatepost.example/deploys")
    monkeypatch.setenv("GATEPOST_TOKEN", "gp_u_env\n")

    with Gatepost() as gatepost:
        assert url_and_authorization(gatepost) == (
            "https://gatepost.example/deploys/",
            "Bearer gp_u_env",
        )


def test_arguments_take_precedence_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment variable never overrides an argument."""
    monkeypatch.setenv("GATEPOST_URL", "https://gatepost.example")
    monkeypatch.setenv("GATEPOST_TOKEN", "gp_u_env")

    with Gatepost("http://[::1]:9000", token="gp_u_argument") as gatepost:
        assert url_and_authorization(gatepost) == ("http://[::1]:9000", "Bearer gp_u_argument")


@pytest.mark.parametrize("url", ["http://localhost:1", "http://127.8.8.8", "http://[::1]:1"])
def test_owner_token_is_sent_to_loopback_addresses(url: str, tmp_path: Path) -> None:
    """The owner's token is sent to any loopback name or address."""
    write_owner_token(tmp_path / "data")

    with Gatepost(url) as gatepost:
        assert url_and_authorization(gatepost)[1] == "Bearer gp_u_owner"


@pytest.mark.parametrize(
    "url",
    [
        "https://gatepost.example",
        "http://10.0.0.7:8000",
        "http://127.0.0.1@gatepost.example",
        "http://127.0.0.1.gatepost.example",
    ],
)
def test_owner_token_is_not_sent_to_other_machines(url: str, tmp_path: Path) -> None:
    """A URL that only resembles a loopback address requires an explicit token."""
    write_owner_token(tmp_path / "data")

    with pytest.raises(BadSettings, match="GATEPOST_TOKEN"):
        Gatepost(url)


def test_error_for_a_missing_token_names_every_setting() -> None:
    """The message names GATEPOST_TOKEN, GATEPOST_DATA and the path of the owner's token file."""
    with pytest.raises(BadSettings, match=r"GATEPOST_TOKEN.*GATEPOST_DATA.*owner\.token"):
        Gatepost()


@pytest.mark.parametrize("token", ["", " ", "a\nb", "schlüssel"])
def test_invalid_token_is_refused(token: str, tmp_path: Path) -> None:
    """An empty or malformed token is an error, and no other token is used instead."""
    write_owner_token(tmp_path / "data")

    with pytest.raises(BadSettings, match="token"):
        Gatepost(token=token)


@pytest.mark.parametrize(
    "url", ["", "gatepost", "127.0.0.1:8000", "ftp://a", "http://", "http://a:port"]
)
def test_invalid_server_url_is_refused(url: str) -> None:
    """The error message shows an example of a valid URL."""
    with pytest.raises(BadSettings, match=r"http://127\.0\.0\.1:8000"):
        Gatepost(url, token="t")
