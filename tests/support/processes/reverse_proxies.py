"""The reverse proxies of `deploy/` as processes, with the configuration that operators copy.

Only names, ports and paths are replaced.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Final, TypeAlias
from urllib.parse import urlsplit

import httpx2
import pytest

from tests.support.processes.certificates import CertificateFiles

ROOT: Final = Path(__file__).resolve().parents[3]
HOST: Final = "gatepost.example"
OUTER_ADDRESS: Final = "127.0.0.2"
"""The address on which the proxies listen."""
PATIENCE_S = 20
RunProxy: TypeAlias = Callable[[Path, list[int], CertificateFiles], AbstractContextManager[str]]
"""Runs a proxy in front of the servers on these ports, and yields its URL."""

_NGINX_MAIN = """\
daemon off;
worker_processes 1;
{user}
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    scgi_temp_path {folder}/scgi;
    uwsgi_temp_path {folder}/uwsgi;
    proxy_bind 127.0.0.2;
{site}
}}
"""
_CADDY_MAIN = """\
{{
	admin off
	auto_https disable_redirects
	storage file_system {folder}/storage
}}
{site}
"""


@contextmanager
def nginx(folder: Path, ports: list[int], certificate: CertificateFiles) -> Iterator[str]:
    """Run nginx, which connects to the servers from 127.0.0.2, and yield its URL."""
    port = free_port()
    servers = "".join(f"    server 127.0.0.1:{upstream};\n" for upstream in ports)
    site = replace(
        ROOT / "deploy/nginx/gatepost.conf",
        {
            "    server 127.0.0.1:8000;\n": servers,
            "listen 443 ssl": f"listen {OUTER_ADDRESS}:{port} ssl",
            "listen 80;": f"listen {OUTER_ADDRESS}:{free_port()};",
            "/etc/ssl/gatepost.example.pem": f"{certificate.certificate}",
            "/etc/ssl/private/gatepost.example.key": f"{certificate.key}",
        },
    )
    user = "user root;" if os.getuid() == 0 else ""  # the files of tests belong to the test's user
    configuration = folder / "nginx.conf"
    configuration.write_text(_NGINX_MAIN.format(folder=folder, site=site, user=user))
    with running(folder, port, certificate, "nginx", "-p", f"{folder}", "-c", f"{configuration}"):
        yield f"https://{HOST}:{port}"


@contextmanager
def caddy(folder: Path, ports: list[int], certificate: CertificateFiles) -> Iterator[str]:
    """Run Caddy and yield its URL."""
    port = free_port()
    files = f"tls {certificate.certificate} {certificate.key}"
    site = replace(
        ROOT / "deploy/caddy/Caddyfile",
        {
            "gatepost.example {\n": f"{HOST}:{port} {{\n\tbind {OUTER_ADDRESS}\n\t{files}\n",
            "127.0.0.1:8000": " ".join(f"127.0.0.1:{upstream}" for upstream in ports),
        },
    )
    configuration = folder / "Caddyfile"
    configuration.write_text(_CADDY_MAIN.format(folder=folder, site=site))
    arguments = ("run", "--adapter", "caddyfile", "--config", f"{configuration}")
    with running(folder, port, certificate, "caddy", *arguments):
        yield f"https://{HOST}:{port}"


@contextmanager
def traefik(folder: Path, ports: list[int], certificate: CertificateFiles) -> Iterator[str]:
    """Run Traefik and yield its URL."""
    port = free_port()
    dynamic = replace(
        ROOT / "deploy/traefik/gatepost.yaml",
        {
            "          - url: http://127.0.0.1:8000\n": "".join(
                f"          - url: http://127.0.0.1:{upstream}\n" for upstream in ports
            ),
            "/etc/ssl/gatepost.example.pem": f"{certificate.certificate}",
            "/etc/ssl/private/gatepost.example.key": f"{certificate.key}",
        },
    )
    static = replace(
        ROOT / "deploy/traefik/traefik.yaml",
        {
            '":80"': f'"{OUTER_ADDRESS}:{free_port()}"',
            '":443"': f'"{OUTER_ADDRESS}:{port}"',
            "/etc/traefik/gatepost.yaml": f"{folder}/gatepost.yaml",
        },
    )
    (folder / "gatepost.yaml").write_text(dynamic)
    configuration = folder / "traefik.yaml"
    configuration.write_text(static)
    with running(folder, port, certificate, "traefik", f"--configFile={configuration}"):
        yield f"https://{HOST}:{port}"


def replace(file: Path, replacements: Mapping[str, str]) -> str:
    """Return the text of a file with these replacements, each of which must occur."""
    text = file.read_text(encoding="utf-8")
    for old, new in replacements.items():
        assert old in text, f"{file} does not contain {old!r}"
        text = text.replace(old, new)
    return text


@contextmanager
def running(
    folder: Path, port: int, certificate: CertificateFiles, program: str, *arguments: str
) -> Iterator[None]:
    """Run a proxy until the block ends, once it passes requests on."""
    path = require_program(program)
    setpriv = shutil.which("setpriv")
    ends_with_test = [] if setpriv is None else [setpriv, "--pdeathsig=TERM"]
    log = folder / f"{program}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*ends_with_test, path, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "HOME": f"{folder}", "XDG_DATA_HOME": f"{folder}"},
        )
    try:
        deadline = time.monotonic() + PATIENCE_S
        while not is_ready(port, certificate):
            if process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(log.read_text(encoding="utf-8"))
            time.sleep(0.05)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE_S)


def is_ready(port: int, certificate: CertificateFiles) -> bool:
    """Return whether the server behind the proxy answers."""
    try:
        with proxied_client(f"https://{HOST}:{port}", certificate) as client:
            response = client.get("/health/live")
    except httpx2.TransportError:
        return False
    return response.status_code == HTTPStatus.OK


def proxied_client(
    url: str, certificate: CertificateFiles, address: str = "127.0.0.7"
) -> httpx2.Client:
    """Return a client at another address; its requests name the host as those of a browser do.

    The URL of the client contains the address of the proxy, because no server resolves the name.
    """
    return httpx2.Client(
        base_url=url.replace(HOST, OUTER_ADDRESS),
        transport=httpx2.HTTPTransport(verify=certificate.client_context(), local_address=address),
        headers={"Host": urlsplit(url).netloc},
        event_hooks={"request": [_set_tls_name]},
        timeout=20,
    )


def _set_tls_name(request: httpx2.Request) -> None:
    request.extensions = {**request.extensions, "sni_hostname": HOST}


def require_program(program: str) -> str:
    """Return the path of a program, or skip the test; on a CI machine, all must be installed."""
    path = shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/local/sbin")
    if path is None:
        reason = f"{program} is not installed"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return path


def free_port() -> int:
    """Return a port that is free at the moment."""
    with socket.socket() as listener:
        listener.bind((OUTER_ADDRESS, 0))
        port: int = listener.getsockname()[1]
        return port
