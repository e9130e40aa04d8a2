"""What is made, kept, moved and found: products, lots, devices, stock and shipments."""
