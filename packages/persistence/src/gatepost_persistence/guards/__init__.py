"""The triggers that a database must have: those of this release, and those that it has."""
