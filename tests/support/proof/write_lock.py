"""Another process's write lock on a SQLite database, which the server has to wait for."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from gatepost_persistence.sqlite.engine import create_write_engine

LOCKED_S, FREE_S = 0.05, 0.05
PATIENCE_S = 10.0


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Hold the write lock while the block runs; nothing is written."""
    engine = create_write_engine(file, timeout_s=PATIENCE_S)
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            connection.exec_driver_sql("ROLLBACK")
    engine.dispose()


@contextmanager
def locked_half_of_the_time(file: Path) -> Iterator[None]:
    """Take the write lock again and again while the block runs."""
    is_over = threading.Event()

    def lock() -> None:
        engine = create_write_engine(file, timeout_s=PATIENCE_S)
        with closing(engine.raw_connection()) as connection:
            cursor = connection.cursor()
            while not is_over.is_set():
                cursor.execute("BEGIN IMMEDIATE")
                time.sleep(LOCKED_S)
                cursor.execute("ROLLBACK")
                time.sleep(FREE_S)
            cursor.close()
        engine.dispose()

    thread = threading.Thread(target=lock)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
