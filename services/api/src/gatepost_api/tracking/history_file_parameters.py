"""Parsing the header and the query parameter that determine how a history file is read."""

from __future__ import annotations

from collections.abc import Mapping
from email.message import Message
from http import HTTPStatus
from typing import Final
from zoneinfo import ZoneInfo

from gatepost_api.http.media_types import CSV, JSON, NDJSON, OCTET_STREAM, TSV
from gatepost_api.http.problems import BadInput
from gatepost_domain.tracking.history_files.file_reader import FileFormat

_MAX_ZONE_NAME: Final = 64

FORMATS: Final[Mapping[str, FileFormat]] = {
    CSV: FileFormat.CSV,
    TSV: FileFormat.CSV,
    NDJSON: FileFormat.JSON,
    JSON: FileFormat.JSON,
    OCTET_STREAM: FileFormat.UNKNOWN,
    "application/gzip": FileFormat.UNKNOWN,
    "application/vnd.ms-excel": FileFormat.UNKNOWN,
    "text/plain": FileFormat.UNKNOWN,
}
"""The format of each media type. Browsers and curl send some of them for CSV files. The API
contract declares only `OCTET_STREAM`."""


def parse_content_type(header: str) -> tuple[FileFormat, str | None]:
    """Return the format of a file, and the character encoding if the header names one.

    Raises:
        BadInput: the media type is not accepted (status 415).
    """
    message = Message()
    message["Content-Type"] = header
    media_type = message.get_content_type() if header.strip() else ""
    file_format = FORMATS.get(media_type)
    if file_format is None:
        raise BadInput(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            "header/Content-Type",
            f"Unsupported media type {media_type or '(none)'}; send {CSV}, {TSV}, {NDJSON}, {JSON} "
            f"or {OCTET_STREAM}.",
        )
    return file_format, message.get_content_charset()


def parse_timezone(name: str | None) -> ZoneInfo | None:
    """Return the time zone with the given IANA name.

    Raises:
        BadInput: no such time zone exists (status 422).
    """
    if name is None:
        return None
    try:
        return ZoneInfo(name[:_MAX_ZONE_NAME])
    except (OSError, LookupError, ValueError):
        raise BadInput(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "unknown_timezone",
            "query/timezone",
            f"{name[:_MAX_ZONE_NAME]!a} is not a time zone; use an IANA name such as "
            "Europe/Berlin or UTC.",
        ) from None
