"""What auditors ask: histories, proofs, samples, and the lists that show what is out of order."""
