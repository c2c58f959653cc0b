"""What an action has written, kept or undone as a whole."""

from __future__ import annotations

from typing import Protocol

from sqlalchemy import Connection

from gatepost_persistence.statements.prepared_statement import run_sql


class ActionSavepoint(Protocol):
    """Keeps or undoes what one action after another has written in a transaction."""

    def begin_action(self) -> None:
        """Start an action."""
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
    """A savepoint of the database for every action."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin_action(self) -> None:
        """Set the savepoint."""
        run_sql(self._connection, "SAVEPOINT action")

    def end_action(self) -> None:
        """Release the savepoint."""
        run_sql(self._connection, "RELEASE action")

    def roll_back_action(self) -> None:
        """Roll back to the savepoint, and keep it."""
        run_sql(self._connection, "ROLLBACK TO action")


class WholeTransaction:
    """No savepoint, for an action that is alone in its transaction on SQLite.

    With a savepoint around many statements, SQLite keeps every changed page in a list in memory and
    searches it from the beginning after each statement, which takes quadratic time in all.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin_action(self) -> None:
        """Do nothing: the transaction has just begun."""

    def end_action(self) -> None:
        """Do nothing: the commit keeps everything."""

    def roll_back_action(self) -> None:
        """Undo the transaction, and begin another one."""
        run_sql(self._connection, "ROLLBACK")
        run_sql(self._connection, "BEGIN IMMEDIATE")
