"""The verifier of evidence, which every archive contains so that auditors can run it offline.

The modules run on Python 3.9 and import only the standard library, each other, and the modules of
`gatepost_domain.verification`, which the server uses for the same rules.
"""
