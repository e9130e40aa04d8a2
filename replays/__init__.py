"""Reading the past: histories, states as of a time, and the proof that nothing was changed.

Nothing here ever appends.
"""
