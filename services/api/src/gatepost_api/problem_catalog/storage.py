"""Problems with the database."""

from __future__ import annotations

from typing import Final

from gatepost_api.problem_catalog.problem_kind import ProblemKind

PROBLEMS: Final = (
    ProblemKind(
        code="storage_busy",
        statuses=(503,),
        title="Database is locked",
        meaning="Another process kept the database locked for too long; nothing was stored.",
        remedy="Try again.",
    ),
    ProblemKind(
        code="read_timed_out",
        statuses=(503,),
        title="Read timed out",
        meaning="Reading the data took too long.",
        remedy="Request less, for example a shorter period, or try again later.",
    ),
    ProblemKind(
        code="storage_unreachable",
        statuses=(503,),
        title="Database unreachable",
        meaning="The database server does not respond; nothing was stored.",
        remedy="Try again. The server's operator has to check the database server.",
    ),
    ProblemKind(
        code="storage_full",
        statuses=(503,),
        title="Disk full",
        meaning="The disk is full; nothing was stored. Reads still work.",
        remedy="The server's operator has to free up space.",
    ),
    ProblemKind(
        code="storage_moved",
        statuses=(503,),
        title="Database file replaced",
        meaning="The database file was moved, removed or replaced while the server was running.",
        remedy=(
            "The server's operator has to stop the server, put the right file in place, and start "
            "the server again."
        ),
    ),
    ProblemKind(
        code="storage_damaged",
        statuses=(503,),
        title="Database damaged",
        meaning="The database cannot be read or written.",
        remedy=(
            "The server's operator has to stop the server, run `gatepost-server verify`, and "
            "restore a backup."
        ),
    ),
    ProblemKind(
        code="storage_failed",
        statuses=(503,),
        title="Storage failed",
        meaning="A commit failed; only a restart shows whether its changes were stored.",
        remedy="After the restart, repeat the request with the same `Idempotency-Key`.",
    ),
)
"""The kinds of problems, one for each code."""
