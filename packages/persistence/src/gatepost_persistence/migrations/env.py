"""Runs the migrations inside the transaction that `migrating.migrate` has begun."""

from __future__ import annotations

from alembic import context

from gatepost_persistence.tables.deployments import Row

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Row.metadata,
    transactional_ddl=False,  # the caller holds the transaction; Alembic must not end it
)
context.run_migrations()
