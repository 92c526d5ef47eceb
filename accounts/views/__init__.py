"""The dashboard's pages about keys: doors onto the same rules as the API."""
