"""Users and tokens over HTTP."""
