"""Parsing of the ingest source in the path of an operation."""

from __future__ import annotations

from typing import Annotated

from litestar.openapi.spec import Example
from litestar.params import PathParameter

from gatepost_domain.errors import NotFound
from gatepost_domain.ingest.source import IngestSourceKind

SourceInPath = Annotated[
    str,
    PathParameter(
        description=f"The source: {', '.join(f'`{kind}`' for kind in IngestSourceKind)}.",
        examples=[Example(value=IngestSourceKind.GITHUB.value)],
    ),
]


def parse_source(text: str) -> IngestSourceKind:
    """Return the kind of a source.

    Raises:
        NotFound: the text is not a kind of source.
    """
    try:
        return IngestSourceKind(text)
    except ValueError:
        raise NotFound("ingest_source", f"{text}; use {', '.join(IngestSourceKind)}") from None
