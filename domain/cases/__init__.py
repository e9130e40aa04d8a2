"""What went wrong: diversion cases, and the conduct of dealers."""
