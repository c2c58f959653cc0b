"""Run `gatepost-worker` as `python -m gatepost_worker`."""

from gatepost_worker.main import main

raise SystemExit(main())
