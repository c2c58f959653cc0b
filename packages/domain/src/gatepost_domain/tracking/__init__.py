"""The current state and history of lanes, and the import of deployment history."""
