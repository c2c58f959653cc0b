"""Lets `python -m gatepost_cli` stand for `gatepost`."""

from gatepost_cli.main import main

raise SystemExit(main())
