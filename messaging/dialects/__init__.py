"""Doors for clients of other providers, at those providers' addresses: auth, parse, answer and error table of one
provider in one file. The rules are those of `/v1`. Strangers to each other."""
