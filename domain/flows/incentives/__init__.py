"""Incentives: what is promised to dealers, what they earn by it, and how they get it."""
