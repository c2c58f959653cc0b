"""`gatepost-server` without the limit of invalid tokens, which a check of schemathesis sends."""

from __future__ import annotations

import sys
from functools import partial
from importlib import import_module

from gatepost_api.http.failed_attempts import FailedAttemptLimiter
from gatepost_api.main import main

if __name__ == "__main__":
    import_module("gatepost_api.server_process").__dict__["FailedAttemptLimiter"] = partial(
        FailedAttemptLimiter, 1_000_000
    )
    sys.exit(main())
