"""Lets `python -m gatepost_api` stand for `gatepost-server`."""

from gatepost_api.main import main

raise SystemExit(main())
