"""Where goods come from: transfers, work orders, requisitions, and who waits for them."""
