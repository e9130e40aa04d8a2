"""How the company runs: its policies, its number series, and what may exist only once."""
