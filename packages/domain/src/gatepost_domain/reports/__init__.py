"""The delivery report and the facts it is computed from."""
