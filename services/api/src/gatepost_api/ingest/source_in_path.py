"""The source in the path of an operation."""

from __future__ import annotations

from typing import Annotated

from litestar.openapi.spec import Example
from litestar.params import PathParameter

from gatepost_domain.errors import NotFound
from gatepost_domain.ingest.source import SourceKind

SourceInPath = Annotated[
    str,
    PathParameter(
        description=f"The source: {', '.join(f'`{kind}`' for kind in SourceKind)}.",
        examples=[Example(value=SourceKind.GITHUB.value)],
    ),
]


def parse_source(text: str) -> SourceKind:
    """Return the kind of a source.

    Raises:
        NotFound: there is no such kind.
    """
    try:
        return SourceKind(text)
    except ValueError:
        raise NotFound("ingest_source", f"{text}; use {', '.join(SourceKind)}") from None
