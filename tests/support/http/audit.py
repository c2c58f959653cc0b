"""Exports as an auditor handles them."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from zipfile import ZipFile

import httpx2

from tests.support.http.api import Api, Json

# isort: split
import sqlite3  # the library that gatepost_persistence has chosen


async def export_lines(api: Api, **filters: object) -> list[Json]:
    """Return the deployments of an export as JSON lines."""
    response = await api.get("/audit/export", params=filters)
    assert response.status_code == 200, response.text
    return [json.loads(line) for line in response.text.splitlines()]


async def export_table(api: Api, **filters: object) -> list[dict[str, str]]:
    """Return the rows of an export as CSV."""
    response = await api.get("/audit/export", params={**filters, "format": "csv"})
    assert response.status_code == 200, response.text
    return list(csv.DictReader(io.StringIO(response.content.decode(), newline=""), strict=True))


async def unpack_export(api: Api, folder: Path, **filters: object) -> Path:
    """Unpack the archive of an export into a folder and return it."""
    response = await api.get("/audit/export", params={**filters, "format": "zip"})
    assert response.status_code == 200, response.text
    with ZipFile(io.BytesIO(response.content)) as archive:
        assert archive.testzip() is None
        archive.extractall(folder)
    return folder


def run_export_verifier(folder: Path, *arguments: str) -> tuple[int, str]:
    """Run the archive's verifier without any other package; return its exit code and output."""
    command = [sys.executable, "-I", "-S", "-W", "error", f"{folder / 'verify.py'}", *arguments]
    result = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=60, cwd=folder
    )
    return result.returncode, result.stdout + result.stderr


async def import_rows(api: Api, content: bytes, media_type: str) -> httpx2.Response:
    """Import a file, and create what is missing."""
    return await api.post(
        "/deployments/import",
        content=content,
        params={"create_missing": "true"},
        headers={"Content-Type": media_type},
    )


def tamper(database: Path, sql: str) -> None:
    """Change a database past the events."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute(sql)
