"""What is seen of devices in the market, and what it gives rise to."""
