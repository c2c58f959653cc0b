"""The media types of files that operations send or receive."""

from __future__ import annotations

from typing import Final

ZIP: Final = "application/zip"
CSV: Final = "text/csv"
NDJSON: Final = "application/x-ndjson"
"""JSON values, one per line."""
JSON: Final = "application/json"
TSV: Final = "text/tab-separated-values"
ICALENDAR: Final = "text/calendar"
"""A calendar (RFC 5545)."""
OCTET_STREAM: Final = "application/octet-stream"
"""A file of any type. Operations that send or receive a file declare this type, because many client
generators support no other media type for files and would omit the operation."""
DSSE_ENVELOPE: Final = "application/vnd.dsse.envelope.v1+json"
"""A signed envelope (DSSE)."""
