"""What dealers earn beside their margin: rebates, promotions, and claims."""
