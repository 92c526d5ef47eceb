"""The dashboard's pages about messages: doors onto the same rules as the API."""
