"""Decoding of forms submitted in the console."""
