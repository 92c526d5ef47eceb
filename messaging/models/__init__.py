"""The nouns of messaging, one file each."""

from messaging.models.attempt import Attempt, ReceiptRecord
from messaging.models.carrier import Carrier
from messaging.models.message import Batch, Lane, Message, Status
from messaging.models.queue import QueueRow
from messaging.models.route import Route
from messaging.models.sender import ProtectedName, SenderId

__all__ = [
    "Attempt",
    "Batch",
    "Carrier",
    "Lane",
    "Message",
    "ProtectedName",
    "QueueRow",
    "ReceiptRecord",
    "Route",
    "SenderId",
    "Status",
]
