"""The demo: a month of a fictional maker, sent over HTTP to a fresh server.

``march_2026.json`` holds the master data and the commands, ``expected.json`` the figures that a
person worked out for them.
"""
