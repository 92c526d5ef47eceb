"""Whom we may write to: phone numbers and opt-outs."""
