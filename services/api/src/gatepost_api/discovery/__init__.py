"""The starting point of the API, from which its documents and lists can be found."""
