"""The verifier: checks a bundle with nothing but Python (3.9 or newer) and the bundle.

These files are copied into every bundle. They import the standard library and each other, and
they were not told anything by whoever wrote the bundle. ``FORMAT.md`` is enough to write another.
"""
