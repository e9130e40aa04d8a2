"""Queries: one file for each kind of thing that people ask about."""
