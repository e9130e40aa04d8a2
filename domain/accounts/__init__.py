"""What is owed: dealers' accounts and their credit."""
