"""Who takes part: dealers with their territory, customers, addresses, users and keys."""
