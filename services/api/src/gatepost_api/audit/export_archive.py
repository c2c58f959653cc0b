"""The zip archive of an export, written piece by piece."""

from __future__ import annotations

import io
from asyncio import to_thread
from collections.abc import AsyncGenerator, Callable
from datetime import datetime
from importlib.resources import files
from pathlib import PurePosixPath
from typing import Final, TypeVar
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import msgspec

from gatepost_api.audit.export_batches import ExportReader
from gatepost_api.audit.export_lines import encode_events, encode_json_lines
from gatepost_api.http.app_context import AppContext
from gatepost_domain.event import to_rfc3339
from gatepost_domain.ports.audit import ExportFilter

T = TypeVar("T")

FORMAT: Final = "gatepost-export-1"
"""The format identifier that `verify.py` requires."""
DEPLOYMENTS_NAME: Final = "deployments.jsonl"
EVENTS_NAME: Final = "events.jsonl"
CHECKPOINT_NAME: Final = "checkpoint.txt"
PUBLIC_KEY_NAME: Final = "public-key.txt"
MANIFEST_NAME: Final = "manifest.json"

_BUNDLED_FILES: Final = ("README.txt", "verify.py")
_OFFLINE: Final = "gatepost_api.audit.offline"
_RULES: Final = "gatepost_domain.verification"
_COMPRESSION_LEVEL: Final = 1
"""The fastest compression level; higher levels barely reduce the size of the proofs."""
_REGULAR_FILE_MODE: Final = 0o100644 << 16


async def archive_chunks(context: AppContext, criteria: ExportFilter) -> AsyncGenerator[bytes]:
    """Yield the archive: deployments, events with proofs under one checkpoint, and the verifier.

    The checkpoint is later than every exported deployment, so its log contains all of their events.
    """
    now, signer = context.now(), context.checkpoint_signer
    selection = ExportReader(context, criteria)
    archive = StreamedZip(now)
    deployment_count = event_count = 0
    for name, content in _offline_files().items():
        yield await to_thread(archive.write_file, name, content)
    archive.begin_file(DEPLOYMENTS_NAME)
    async for deployments in selection.read_deployments():
        deployment_count += len(deployments)
        yield await to_thread(_write_encoded, archive, encode_json_lines, deployments)
    yield archive.end_file()
    head = await context.reads.read_snapshot(lambda uow: uow.event_log.head())
    yield archive.write_file(CHECKPOINT_NAME, signer.sign(*head).encode())
    yield archive.write_file(PUBLIC_KEY_NAME, f"{signer.verifier_key}\n".encode())
    archive.begin_file(EVENTS_NAME)
    async for events in selection.read_events(head.size):
        event_count += len(events)
        yield await to_thread(_write_encoded, archive, encode_events, events)
    yield archive.end_file()
    manifest = {
        "format": FORMAT,
        "generated_at": to_rfc3339(now),
        "is_complete": criteria.is_empty,
        "filter": criteria,
        "deployments": deployment_count,
        "events": event_count,
    }
    text = msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"
    yield archive.write_file(MANIFEST_NAME, text)
    yield archive.close()


def _write_encoded(archive: StreamedZip, encode: Callable[[T], bytes], batch: T) -> bytes:
    """Add a batch to the file, and return the next bytes of the archive."""
    return archive.write(encode(batch))


class StreamedZip:
    """A zip archive whose bytes can be read while it is still being written."""

    def __init__(self, at: datetime) -> None:
        self._sink = _Sink()
        self._zip = ZipFile(self._sink, "w", ZIP_DEFLATED, compresslevel=_COMPRESSION_LEVEL)
        self._time = (at.year, at.month, at.day, at.hour, at.minute, at.second)

    def write_file(self, name: str, content: bytes) -> bytes:
        """Add a small file, and return the next bytes of the archive."""
        self.begin_file(name)
        return self.write(content) + self.end_file()

    def begin_file(self, name: str) -> None:
        """Begin a file of any size."""
        entry = ZipInfo(name, self._time)
        entry.compress_type = ZIP_DEFLATED
        entry.external_attr = _REGULAR_FILE_MODE
        self._file = self._zip.open(entry, "w", force_zip64=True)

    def write(self, content: bytes) -> bytes:
        """Add content to the file, and return the next bytes of the archive."""
        self._file.write(content)
        return self._sink.take()

    def end_file(self) -> bytes:
        """End the file, and return the next bytes of the archive."""
        self._file.close()
        return self._sink.take()

    def close(self) -> bytes:
        """Return the last bytes of the archive: the list of its files."""
        self._zip.close()
        return self._sink.take()


class _Sink(io.RawIOBase):
    """An unseekable stream that buffers the written bytes until they are taken."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, content: bytes, /) -> int:  # type: ignore[override]  # zipfile writes bytes
        self._chunks.append(bytes(content))
        return len(content)

    def take(self) -> bytes:
        """Return what was written since the previous call."""
        taken = b"".join(self._chunks)
        self._chunks.clear()
        return taken


def _offline_files() -> dict[str, bytes]:
    """Return the README, the verifier, and the rules that it shares with the server."""
    folder = files(_OFFLINE)
    contents = {name: (folder / name).read_bytes() for name in _BUNDLED_FILES}
    for package in (_OFFLINE, _RULES):
        path = package.replace(".", "/")
        for parent in PurePosixPath(path).parents[:-1]:
            contents[f"{parent}/__init__.py"] = b""
        modules = (module for module in files(package).iterdir() if module.name.endswith(".py"))
        for module in sorted(modules, key=lambda module: module.name):
            if module.name not in _BUNDLED_FILES:
                contents[f"{path}/{module.name}"] = module.read_bytes()
    return contents
