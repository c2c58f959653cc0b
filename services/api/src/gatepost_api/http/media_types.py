"""The media types of files."""

from __future__ import annotations

from typing import Final

ZIP: Final = "application/zip"
CSV: Final = "text/csv"
NDJSON: Final = "application/x-ndjson"
"""JSON values, one on each line."""
JSON: Final = "application/json"
TSV: Final = "text/tab-separated-values"
ICALENDAR: Final = "text/calendar"
"""A calendar (RFC 5545)."""
OCTET_STREAM: Final = "application/octet-stream"
"""A file of any type. The operations that send or receive a file declare it, because many client
generators support no other media type for files and would leave out the operation."""
DSSE_ENVELOPE: Final = "application/vnd.dsse.envelope.v1+json"
"""A signed envelope (DSSE)."""
