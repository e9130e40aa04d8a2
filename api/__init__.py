"""The door: HTTP commands and queries, the command line, and the one composition root."""
