"""Rendering of the console's pages: templates, escaping and marked times."""
