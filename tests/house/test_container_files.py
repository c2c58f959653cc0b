"""The container image and the Compose file: checked without a container engine."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from tests.support.processes.reverse_proxies import require_program

ROOT: Final = Path(__file__).resolve().parents[2]
DOCKERFILE: Final = ROOT / "Dockerfile"
COMPOSE: Final = ROOT / "docker-compose.yml"
IMPORTED_AS: Final = {"markdown-it-py": "markdown_it", "rich-click": "rich_click"}


def compose() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
    return document


def services(profile: str) -> dict[str, dict[str, Any]]:
    return {
        name: service
        for name, service in compose()["services"].items()
        if service["profiles"] == [profile]
    }


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


def test_dockerfile_has_no_finding() -> None:
    """Hadolint finds nothing, not even hints."""
    checked = run(require_program("hadolint"), "--no-color", str(DOCKERFILE))

    assert (checked.returncode, checked.stdout) == (0, "")


def test_base_image_and_sources_are_pinned_by_digest() -> None:
    """The same Dockerfile builds on the same image and the same SQLite."""
    text = DOCKERFILE.read_text(encoding="utf-8")
    (base,) = re.findall(r"^ARG PYTHON=(\S+)$", text, re.MULTILINE)

    assert re.fullmatch(r"python:3\.\d+-slim@sha256:[0-9a-f]{64}", base)
    assert set(re.findall(r"^FROM (\S+)", text, re.MULTILINE)) == {"${PYTHON}"}
    assert len(re.findall(r"^ADD ", text, re.MULTILINE)) == 1
    assert re.search(r"^ADD --checksum=sha256:[0-9a-f]{64} ", text, re.MULTILINE)


def test_programs_do_not_need_the_packages_that_the_image_lacks() -> None:
    """Server and worker can be imported without what only Litestar's command line uses."""
    (listed,) = re.findall(r"uninstall --yes ([^&]+)", DOCKERFILE.read_text(encoding="utf-8"))
    removed = [IMPORTED_AS.get(name, name) for name in re.findall(r"[a-z0-9-]+", listed)]
    assert {"faker", "polyfactory", "rich"} <= set(removed)
    blocked = (
        f"import sys; sys.modules.update(dict.fromkeys({removed!r})); "
        "import gatepost_api.server_start, gatepost_api.main, gatepost_api.openapi.export; "
        "import gatepost_worker.main"
    )

    imported = run(sys.executable, "-c", blocked)

    assert imported.returncode == 0, imported.stderr


def test_compose_file_matches_the_schema() -> None:
    """Every key is one of the Compose specification."""
    checked = run(
        sys.executable,
        *("-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE)),
    )

    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("profile", ["sqlite", "postgres"])
def test_worker_sees_nothing_of_the_server(profile: str) -> None:
    """A worker, which may run programs, gets its token and no folder of the server."""
    workers = {
        name: service
        for name, service in services(profile).items()
        if service.get("command") == ["gatepost-worker"]
    }

    assert workers
    for worker in workers.values():
        folders = {volume.split(":")[1] for volume in worker["volumes"]}
        assert folders == {"/worker-token"}
        assert all(volume.endswith(":ro") for volume in worker["volumes"])
        assert not {name for name in worker["environment"] if "DATABASE" in name or "KEY" in name}


def test_postgres_profile_has_two_servers_behind_a_proxy() -> None:
    """Both servers share the key that signs checkpoints, and trust only the proxy's address."""
    postgres = services("postgres")
    servers = [service for service in postgres.values() if "gatepost-server" in str(service)]
    address = postgres["proxy"]["networks"]["front"]["ipv4_address"]

    assert len(servers) == 2
    assert {server["environment"]["GATEPOST_TRUSTED_PROXIES"] for server in servers} == {address}
    assert {server["environment"]["GATEPOST_SIGNING_KEY"] for server in servers} == {
        "/keys/signing.key"
    }
    assert all("keys:/keys" in server["volumes"] for server in servers)
    assert postgres["worker-postgres"]["deploy"]["replicas"] == 2
    assert not [name for name in postgres if "ports" in postgres[name] and name != "proxy"]


def test_published_ports_are_on_loopback() -> None:
    """Nothing is reachable from other machines until the operator says so."""
    ports = [
        port for service in compose()["services"].values() for port in service.get("ports", ())
    ]

    assert ports == ["127.0.0.1:8000:8000"] * 2


def test_volumes_and_profiles_are_complete() -> None:
    """Every named volume is declared, and every service belongs to a profile."""
    document = compose()
    used = {
        volume.split(":")[0]
        for service in document["services"].values()
        for volume in service.get("volumes", ())
        if not volume.startswith(".")
    }

    assert used == set(document["volumes"])
    assert {*services("sqlite"), *services("postgres")} == set(document["services"])


def test_nginx_accepts_the_configuration(tmp_path: Path) -> None:
    """The configuration of the proxy is valid; the servers' names exist only in Compose."""
    site = (ROOT / "deploy/compose/nginx.conf").read_text(encoding="utf-8")
    configuration = tmp_path / "nginx.conf"
    configuration.write_text(
        f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ access_log off;\n"
        f"client_body_temp_path {tmp_path}/body; proxy_temp_path {tmp_path}/proxy;\n"
        f"fastcgi_temp_path {tmp_path}/fastcgi; scgi_temp_path {tmp_path}/scgi;\n"
        f"uwsgi_temp_path {tmp_path}/uwsgi;\n{re.sub('api-[12]', '127.0.0.1', site)} }}"
    )

    checked = run(require_program("nginx"), "-t", "-q", "-c", str(configuration))

    assert checked.returncode == 0, checked.stderr
