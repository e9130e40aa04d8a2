"""Rules that span aggregates: named functions that judge what they are given and record nothing."""
