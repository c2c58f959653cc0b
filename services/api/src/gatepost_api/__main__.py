"""Entry point for `python -m gatepost_api`, which runs `gatepost-server`."""

from gatepost_api.main import main

raise SystemExit(main())
