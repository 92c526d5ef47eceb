"""The nouns of messaging, one file each."""

from messaging.models.attempt import Attempt, ReceiptRecord
from messaging.models.carrier import Carrier
from messaging.models.code import CarrierCode, UnknownCode
from messaging.models.dialect import SerialCounter, UnknownPath
from messaging.models.inbound import Inbound, InboundNumber, InboundRecord
from messaging.models.message import Batch, Lane, Message, Status
from messaging.models.queue import QueueRow, Standstill
from messaging.models.route import Route
from messaging.models.sender import ProtectedName, SenderId
from messaging.models.sim import Sim, SimUse
from messaging.models.tally import Tally, TallyChange
from messaging.models.template import Template, TemplateVersion

__all__ = [
    "Attempt",
    "Batch",
    "Carrier",
    "CarrierCode",
    "Inbound",
    "InboundNumber",
    "InboundRecord",
    "Lane",
    "Message",
    "ProtectedName",
    "QueueRow",
    "ReceiptRecord",
    "Route",
    "SenderId",
    "SerialCounter",
    "Sim",
    "SimUse",
    "Standstill",
    "Status",
    "Tally",
    "TallyChange",
    "Template",
    "TemplateVersion",
    "UnknownCode",
    "UnknownPath",
]
