"""Ops commands of this app."""
