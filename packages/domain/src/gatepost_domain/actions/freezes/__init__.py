"""Actions on freezes: imposing, importing and lifting them."""
