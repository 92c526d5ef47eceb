"""Telling customers what happened: endpoints, events, deliveries, signatures, and the one door to customers' URLs."""
