"""Run the `gatepost` command as `python -m gatepost_cli`."""

from gatepost_cli.main import main

raise SystemExit(main())
