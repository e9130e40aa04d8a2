"""Money: what is invoiced, paid, and put against what."""
