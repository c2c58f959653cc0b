"""Problems with identity providers and other issuers of tokens."""

from __future__ import annotations

from typing import Final

from gatepost_api.problem_catalog.problem_kind import ProblemKind

PROBLEMS: Final = (
    ProblemKind(
        code="issuer_unreachable",
        statuses=(503,),
        title="Identity provider unreachable",
        meaning="The identity provider, or the issuer of the pipeline's token, cannot be reached.",
        remedy="Try again later. The server's operator has to check the connection to the issuer.",
    ),
)
"""The kinds of problems, one for each code."""
