"""What people ask: read models folded from events, one file each.

A projection is a table of effects: its tables, the topics it reads, and one pure function from a
fact to changes. Only ``projections.runner`` knows the log.
"""
