"""What webhooks promise, tested against real receivers."""
