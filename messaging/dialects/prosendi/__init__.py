"""Document D (Prosendi, Mali): `/api/sms/*`. One envelope, French sentences, SIMs as senders, and an answer that says `sent`
once a carrier has the message (contract of the API, points 5, 8, 14, 31, 32)."""

from messaging.dialects.prosendi.errors import refusal

__all__ = ["refusal"]
