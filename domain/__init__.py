"""What is true: aggregates, policies and commands. Pure: no SQL, no HTTP, no clock, no randomness.

The nouns of the trade stand in folders by subject: ``parties``, ``goods``, ``orders``,
``accounts``, ``cases`` and ``company``. ``policies`` are the rules that span them, ``flows`` the
use cases, by gerunds, and ``kernel`` the few ideas that all of them share.
"""
