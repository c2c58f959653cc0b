"""Storage errors, which are not refusals because they do not result from a rule."""

from __future__ import annotations


class StorageError(Exception):
    """The storage failed. Nothing was stored, except as documented in subclasses."""

    code: str


class StorageBusy(StorageError):
    """Another process locked the database for too long."""

    code = "storage_busy"

    def __init__(self) -> None:
        super().__init__("Another process is writing to the database; try again.")


class ReadTimedOut(StorageError):
    """A read took too long."""

    code = "read_timed_out"

    def __init__(self) -> None:
        super().__init__(
            "Reading took too long; request less, such as a shorter period, or try again later."
        )


class StorageUnreachable(StorageError):
    """The database server does not respond."""

    code = "storage_unreachable"

    def __init__(self) -> None:
        super().__init__("The database is not responding; nothing was stored. Try again.")


class StorageFull(StorageError):
    """The disk is full."""

    code = "storage_full"

    def __init__(self) -> None:
        super().__init__("The disk is full; nothing was stored. Reads still work.")


class StorageMoved(StorageError):
    """The open database file is no longer the one at its path."""

    code = "storage_moved"

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"{reason} while the server is running; nothing is read or written until the right "
            "file is back. Stop the server, put that file in place, and start the server again."
        )


class StorageDamaged(StorageError):
    """The database file, or the disk it is on, is damaged."""

    code = "storage_damaged"

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The database cannot be read or written ({reason}). Stop the server, run "
            "gatepost-server verify, and restore a backup."
        )


class CommitOutcomeUnknown(StorageError):
    """A commit failed, and it is unknown whether its changes were stored.

    A retry with the same idempotency key is safe. No write is accepted until the server restarts.
    """

    code = "storage_failed"

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"Storage failed ({reason}); whether this change was stored is known only once "
            "the server has restarted. Repeat the request then, with the same Idempotency-Key."
        )
