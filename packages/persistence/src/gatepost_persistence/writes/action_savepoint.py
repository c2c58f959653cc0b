"""Savepoints for actions, which keep or undo everything that an action wrote."""

from __future__ import annotations

from typing import Protocol

from sqlalchemy import Connection

from gatepost_persistence.statements.prepared_statement import run_sql


class ActionSavepoint(Protocol):
    """Keeps or undoes what each action in a transaction has written, one action at a time."""

    def begin_action(self) -> None:
        """Start an action, whose writes `roll_back_action` can then undo."""
        ...

    def end_action(self) -> None:
        """Keep what the action has written."""
        ...

    def roll_back_action(self) -> None:
        """Undo what the action has written. The action can then write again.

        Raises:
            SQLAlchemyError: the transaction has ended.
        """
        ...


class SqlActionSavepoint:
    """A database savepoint for each action."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin_action(self) -> None:
        """Set the savepoint."""
        run_sql(self._connection, "SAVEPOINT action")

    def end_action(self) -> None:
        """Release the savepoint."""
        run_sql(self._connection, "RELEASE action")

    def roll_back_action(self) -> None:
        """Roll back to the savepoint, which remains set."""
        run_sql(self._connection, "ROLLBACK TO action")


class NoSavepoint:
    """Uses no savepoint, for an action that is alone in its transaction on SQLite.

    With a savepoint around many statements, SQLite keeps every changed page in a list in memory and
    searches it from the beginning after each statement, so the total time is quadratic.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin_action(self) -> None:
        """Do nothing: the transaction has just begun."""

    def end_action(self) -> None:
        """Do nothing: the commit keeps everything."""

    def roll_back_action(self) -> None:
        """Roll back the transaction, and begin a new one."""
        run_sql(self._connection, "ROLLBACK")
        run_sql(self._connection, "BEGIN IMMEDIATE")
