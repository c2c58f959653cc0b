"""Reports: how delivery goes, over HTTP."""
