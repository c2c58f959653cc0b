"""Wheels are uploaded to the package index that is named by a setting."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).resolve().parents[2]
UV = shutil.which("uv", path=f"{os.environ['PATH']}{os.pathsep}{ROOT / '.venv-tools/bin'}")

pytestmark = pytest.mark.skipif(UV is None, reason="uv is in .venv-tools, which dev.py creates")


class Index(HTTPServer):
    """A package index that keeps the uploads it receives."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Upload)
        self.uploads: list[tuple[str | None, bytes]] = []
        """The Authorization header and the body of each upload."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/legacy/"


class Upload(BaseHTTPRequestHandler):
    """One request to the index."""

    server: Index

    def do_POST(self) -> None:
        body = b""
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        else:
            body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.uploads.append((self.headers["Authorization"], body))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@pytest.fixture
def index() -> Iterator[Index]:
    with Index() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    path = tmp_path / "tiny-1.0-py3-none-any.whl"
    with ZipFile(path, "w") as archive:
        archive.writestr(
            "tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n"
        )
        tags = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        archive.writestr("tiny-1.0.dist-info/WHEEL", tags)
        archive.writestr("tiny-1.0.dist-info/RECORD", "")
    return path


def publish(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run tools/publish.py with only these settings in its environment."""
    settings = {name: value for name, value in os.environ.items() if not name.startswith("UV_")}
    path = os.pathsep.join([str(Path(f"{UV}").parent), settings.pop("PATH")])
    return subprocess.run(
        [sys.executable, f"{ROOT}/tools/publish.py", *arguments],
        env={**settings, "PATH": path, "UV_NO_CONFIG": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("by_argument", [True, False])
def test_wheel_is_uploaded_with_the_token(index: Index, wheel: Path, *, by_argument: bool) -> None:
    """The index is named by `--to` or by UV_PUBLISH_URL, and the token is in the environment."""
    arguments = [f"--to={index.url}"] if by_argument else []
    environment = {} if by_argument else {"UV_PUBLISH_URL": index.url}

    completed = publish(*arguments, f"{wheel}", UV_PUBLISH_TOKEN="secret", **environment)

    assert completed.returncode == 0, completed.stderr
    ((authorization, body),) = index.uploads
    assert authorization is not None
    assert wheel.read_bytes() in body
    assert "secret" not in completed.stdout + completed.stderr


def test_dry_run_uploads_nothing(index: Index, wheel: Path) -> None:
    """A dry run names the index and succeeds without a request."""
    completed = publish("--dry-run", f"--to={index.url}", f"{wheel}", UV_PUBLISH_TOKEN="secret")

    assert completed.returncode == 0, completed.stderr
    assert index.url in completed.stdout
    assert index.uploads == []


def test_index_must_be_named(wheel: Path) -> None:
    """There is no default index, so nothing is published to a public one by accident."""
    completed = publish(f"{wheel}", UV_PUBLISH_TOKEN="secret")

    assert completed.returncode == 2
    assert "UV_PUBLISH_URL or --to" in completed.stderr
