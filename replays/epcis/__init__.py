"""EPCIS 2.0 (GS1): histories as events that partners' systems read, and reading theirs.

``identifiers`` and ``vocabulary`` are the words, ``hashing`` the identity of an event, ``model``
what makes a document one, ``telling`` how our facts are said, ``exporting`` whole documents.
"""
