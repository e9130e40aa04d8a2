"""What brings goods: transfers between warehouses, production, purchase."""
