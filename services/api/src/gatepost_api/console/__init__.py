"""The console: what stands, what waits and what can be done, in a browser."""
