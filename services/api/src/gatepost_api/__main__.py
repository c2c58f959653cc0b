"""Runs `gatepost-server` as `python -m gatepost_api`."""

from gatepost_api.main import main

raise SystemExit(main())
