"""The rules for verifying recorded data, using only the standard library.

Every evidence archive contains copies of these modules, so they run on Python 3.9 and import only
each other and the standard library.
"""
