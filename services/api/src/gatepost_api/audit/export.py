"""Streaming the content of an export."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import AsyncGenerator

from gatepost_api.audit.export_archive import archive_chunks
from gatepost_api.audit.export_batches import ExportReader
from gatepost_api.audit.export_lines import (
    ExportFormat,
    encode_csv_header,
    encode_csv_rows,
    encode_json_lines,
)
from gatepost_api.http.app_context import AppContext
from gatepost_api.http.media_types import CSV, NDJSON, ZIP
from gatepost_domain.ports.audit import ExportFilter

MEDIA_TYPES = {
    ExportFormat.JSONL: NDJSON,
    ExportFormat.CSV: f"{CSV}; header=present",
    ExportFormat.ZIP: ZIP,
}


async def export_chunks(
    context: AppContext, criteria: ExportFilter, export_format: ExportFormat
) -> AsyncGenerator[bytes]:
    """Yield an export in chunks, reading each one only after the client has taken the previous one.

    A caller that stops early must close the generator.
    """
    with context.export_slots.counted_export():
        if export_format is ExportFormat.ZIP:
            chunks = archive_chunks(context, criteria)
        else:
            chunks = _line_chunks(context, criteria, export_format)
        try:
            async for chunk in chunks:
                yield chunk
        finally:
            await chunks.aclose()


async def _line_chunks(
    context: AppContext, criteria: ExportFilter, export_format: ExportFormat
) -> AsyncGenerator[bytes]:
    is_csv = export_format is ExportFormat.CSV
    encode = encode_csv_rows if is_csv else encode_json_lines
    if is_csv:
        yield encode_csv_header()
    batches = ExportReader(context, criteria).read_deployments()
    async for deployments in batches:
        yield await to_thread(encode, deployments)


def export_file_name(context: AppContext, export_format: ExportFormat) -> str:
    """Return the file name that a browser suggests for the download."""
    return f"gatepost-export-{context.now():%Y%m%dT%H%M%SZ}.{export_format}"
