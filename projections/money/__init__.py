"""Money: accounts and statements, the journal, rebates and claims, sales."""
