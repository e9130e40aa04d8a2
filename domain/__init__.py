"""What is true: aggregates, policies and commands. Pure: no SQL, no HTTP, no clock, no randomness.

Flat files are nouns, the aggregates of the trade. ``flows`` holds the use cases, by gerunds;
``policies`` the rules that span aggregates; ``kernel`` the few ideas that all of them share.
"""
