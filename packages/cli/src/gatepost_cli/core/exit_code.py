"""What the command's exit code says."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """How a run ended, for the shell or pipeline that started it."""

    DONE = 0
    """What was asked for was done; where it was to be waited for, the deployment succeeded."""
    NOT_DEPLOYED = 1
    """The deployment that was waited for failed, was rejected, cancelled or rolled back."""
    USAGE = 2
    """The words make no sense, or no server or token can be told; nothing was done."""
    REFUSED = 3
    """The server said no, and why."""
    UNREACHABLE = 4
    """No answer, or none that Gatepost gives when it is well; whether it was done is unknown."""
    TIMED_OUT = 5
    """The deployment had not ended when the time was up. It goes on without this command."""
    INTERRUPTED = 130
    """Ctrl-C, as shells number it: 128 and the number of SIGINT."""
    UNREAD = 141
    """Whoever read the output stopped, as shells number it: 128 and the number of SIGPIPE."""
