"""The signals that arrive while the server ends."""

from __future__ import annotations

import signal
from types import FrameType


def ignore_reraised_signals(*signals: signal.Signals) -> None:
    """Ignore the signal that uvicorn raises again after it has stopped."""
    for signal_number in signals:
        signal.signal(signal_number, _ignore_signal)


def ignore_signals_until_exit(*signals: signal.Signals) -> None:
    """Ignore signals until the process has ended, even after Python has reset its own handlers."""
    for signal_number in signals:
        signal.signal(signal_number, signal.SIG_IGN)


def _ignore_signal(_signal: int, _frame: FrameType | None) -> None:
    pass
