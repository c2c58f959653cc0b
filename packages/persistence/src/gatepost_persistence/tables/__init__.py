"""Tables, column types and triggers."""
