"""The current state of every lane, and the import of deployment history."""
