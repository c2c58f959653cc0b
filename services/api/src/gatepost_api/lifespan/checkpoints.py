"""Checkpoints of a running server, and the places they are written to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx2

from gatepost_api.observability.metrics import Metrics
from gatepost_api.server.checkpoint_writer import (
    CHECKPOINT_FOLDER,
    CheckpointPlaces,
    CheckpointWriter,
    run_checkpoint_writer,
    write_and_log_errors,
)
from gatepost_api.settings.server import Settings
from gatepost_api.signing.checkpoint_signer import CheckpointSigner
from gatepost_persistence.ledger.sql_ledger import SqlLedger


@asynccontextmanager
async def write_checkpoints(
    settings: Settings,
    ledger: SqlLedger,
    *,
    signer: CheckpointSigner,
    http: httpx2.AsyncClient,
    metrics: Metrics,
) -> AsyncGenerator[None]:
    """Write checkpoints in the background, and one at the end."""
    writer = CheckpointWriter(ledger.reads, signer, _checkpoint_places(settings), http, metrics)
    task = asyncio.create_task(run_checkpoint_writer(writer))
    try:
        yield
    finally:
        task.cancel()
        await write_and_log_errors(writer)


def _checkpoint_places(settings: Settings) -> CheckpointPlaces:
    outside = () if settings.checkpoint_folder is None else (settings.checkpoint_folder,)
    return CheckpointPlaces(
        folders=(settings.location.data / CHECKPOINT_FOLDER, *outside),
        webhook=settings.checkpoint_webhook,
    )
