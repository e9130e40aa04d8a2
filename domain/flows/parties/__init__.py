"""Dealers, customers and addresses, and the rights they hold."""
