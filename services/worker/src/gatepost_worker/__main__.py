"""Lets `python -m gatepost_worker` stand for `gatepost-worker`."""

from gatepost_worker.main import main

raise SystemExit(main())
