"""The few ideas that every aggregate, policy and flow shares."""
