"""Formatting text and writing it to the terminal."""
