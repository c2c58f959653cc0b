"""The triggers that this release requires, compared with those in a database."""
