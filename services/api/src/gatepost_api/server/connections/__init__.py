"""Time-outs and a bound for the connections of the server."""
