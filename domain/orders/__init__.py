"""What is agreed: prices, and orders with their lines, holds and terms."""
