"""Queries outside write transactions: the read model in SQL."""
