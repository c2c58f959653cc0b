"""Alembic environment: runs the migrations in the transaction that `runner.migrate` began."""

from __future__ import annotations

from alembic import context

from gatepost_persistence.tables.all_tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=False,  # the caller owns the transaction; Alembic must not end it
)
context.run_migrations()
