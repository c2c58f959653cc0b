"""Page controllers of the console, one module per page."""
