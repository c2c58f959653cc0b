"""Exit codes of the command."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """The outcome of a run, for the shell or pipeline that started it."""

    SUCCESS = 0
    """The command succeeded; with `--wait`, the deployment succeeded."""
    NOT_DEPLOYED = 1
    """With `--wait`: the deployment failed, or was rejected, cancelled or rolled back."""
    FAULTS = 1
    """`audit verify` found faults."""
    CHECKS_NOT_PASSED = 1
    """`checks run --wait`: a required check did not pass, or the checks were not finished."""
    REPLAY_FAILED = 1
    """`ingest replay`: the delivery failed again."""
    USAGE = 2
    """An argument, a setting or a local file is invalid or missing."""
    REFUSED = 3
    """The server refused the request; the error message contains the reason."""
    UNREACHABLE = 4
    """No valid response was received; whether the server executed the request is unknown."""
    TIMED_OUT = 5
    """The deployment had not ended within `--timeout`; it continues on the server."""
    INTERRUPTED = 130
    """The command was interrupted by Ctrl-C; by shell convention, 128 plus the number of SIGINT."""
    BROKEN_PIPE = 141
    """The reader closed the output; by shell convention, 128 plus the signal number of SIGPIPE."""
