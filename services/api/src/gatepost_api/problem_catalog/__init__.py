"""Every kind of problem that the API responds with, and how each one is solved."""
