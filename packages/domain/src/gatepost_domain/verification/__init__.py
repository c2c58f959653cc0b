"""The rules that verify the record, with the standard library only.

Every evidence archive contains copies of these modules, so they run on Python 3.9 and import
nothing but each other and the standard library.
"""
