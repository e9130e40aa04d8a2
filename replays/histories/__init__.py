"""Histories: everything that the log says of one thing, with both times and who did it."""
