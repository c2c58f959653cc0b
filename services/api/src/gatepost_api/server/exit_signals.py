"""The signals that uvicorn raises again after it has stopped."""

from __future__ import annotations

import signal
from types import FrameType


def ignore_reraised_signals(*signals: signal.Signals) -> None:
    """Ignore the signal that uvicorn raises again after it has stopped."""
    for signal_number in signals:
        signal.signal(signal_number, _ignore_signal)


def _ignore_signal(_signal: int, _frame: FrameType | None) -> None:
    pass
