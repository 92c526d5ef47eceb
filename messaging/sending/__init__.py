"""How a message is sent, one step a file."""
