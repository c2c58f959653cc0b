"""Page rendering."""
