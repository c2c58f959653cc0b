"""Streaming exports of any length."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from .api.audit import export_record
from .clients import Gatepost
from .models import ExportFormat
from .plain_values import or_unset


@contextmanager
def open_export(
    gatepost: Gatepost,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    service: Sequence[str] | None = None,
    environment: Sequence[str] | None = None,
    format_: ExportFormat | None = None,
) -> Generator[Iterator[bytes]]:
    """Open an export to iterate over its content, with only one chunk in memory at a time.

    The arguments and errors are those of `Gatepost.export_record`, which returns the whole export.
    """
    request = export_record._get_kwargs(  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # as in the generated client
        since=or_unset(since),
        until=or_unset(until),
        service=or_unset(None if service is None else list(service)),
        environment=or_unset(None if environment is None else list(environment)),
        format_=or_unset(format_),
    )
    parse = export_record._parse_response  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # as in the generated client
    with gatepost.open_stream(request, parse) as response:
        yield response.iter_bytes()
