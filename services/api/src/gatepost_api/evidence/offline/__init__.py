"""The verification of evidence, which archives contain, for auditors to run offline.

The modules run on Python 3.9 and import only the standard library, each other, and the modules of
`gatepost_domain.verification`, which the server uses for the same rules.
"""
