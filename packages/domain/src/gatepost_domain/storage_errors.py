"""What keeps the ledger from doing what no rule refuses."""

from __future__ import annotations


class StorageError(Exception):
    """We could not do it; no rule was asked. Nothing was done unless the class says otherwise."""

    code: str


class StorageBusy(StorageError):
    """Another process kept the storage for too long."""

    code = "storage_busy"

    def __init__(self) -> None:
        super().__init__("Another process is writing to the database; try again.")


class StorageUnreachable(StorageError):
    """The server that keeps the storage does not answer."""

    code = "storage_unreachable"

    def __init__(self) -> None:
        super().__init__("The database does not answer; nothing was stored. Try again.")


class StorageFull(StorageError):
    """There is no room left to write to."""

    code = "storage_full"

    def __init__(self) -> None:
        super().__init__("The disk is full; nothing was stored. Reading goes on.")


class StorageFailed(StorageError):
    """A commit failed and nobody can tell whether it took effect: retry with the same key.

    Nothing more is written until a restart.
    """

    code = "storage_failed"

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"Storage failed ({reason}); whether this took effect shows after a restart. "
            "Repeat it with the same Idempotency-Key."
        )
