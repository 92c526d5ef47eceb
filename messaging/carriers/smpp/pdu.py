"""PDU bodies of SMPP 3.4 as named tuples; `codec.py` reads and writes them. Each class names its section; field names
are those of the specification. C-octet strings are `str` (Latin-1, so that every octet survives), octet strings are
`bytes`."""

from enum import IntEnum
from typing import NamedTuple

from messaging.carriers.smpp.status import Status
from messaging.carriers.smpp.tlv import Tlvs

VERSION_3_4 = 0x34
RESPONSE = 0x80000000


class Command(IntEnum):
    """command_id, section 5.1.2.1. A response is its request with the highest bit set."""

    BIND_RECEIVER = 0x01
    BIND_TRANSMITTER = 0x02
    QUERY_SM = 0x03
    SUBMIT_SM = 0x04
    DELIVER_SM = 0x05
    UNBIND = 0x06
    REPLACE_SM = 0x07
    CANCEL_SM = 0x08
    BIND_TRANSCEIVER = 0x09
    OUTBIND = 0x0B
    ENQUIRE_LINK = 0x15
    SUBMIT_MULTI = 0x21
    ALERT_NOTIFICATION = 0x102
    DATA_SM = 0x103
    GENERIC_NACK = 0x80000000
    BIND_RECEIVER_RESP = 0x80000001
    BIND_TRANSMITTER_RESP = 0x80000002
    QUERY_SM_RESP = 0x80000003
    SUBMIT_SM_RESP = 0x80000004
    DELIVER_SM_RESP = 0x80000005
    UNBIND_RESP = 0x80000006
    REPLACE_SM_RESP = 0x80000007
    CANCEL_SM_RESP = 0x80000008
    BIND_TRANSCEIVER_RESP = 0x80000009
    ENQUIRE_LINK_RESP = 0x80000015
    SUBMIT_MULTI_RESP = 0x80000021
    DATA_SM_RESP = 0x80000103


class PduError(ValueError):
    """A body that cannot be read, or written. `status` is the command_status that says so to the peer."""

    def __init__(self, sentence: str, status: int = Status.RINVMSGLEN) -> None:
        super().__init__(sentence)
        self.status = status


class Bind(NamedTuple):
    """bind_transmitter, bind_receiver, bind_transceiver: section 4.1."""

    system_id: str = ""
    password: str = ""
    system_type: str = ""
    interface_version: int = VERSION_3_4
    addr_ton: int = 0
    addr_npi: int = 0
    address_range: str = ""


class BindResp(NamedTuple):
    """The answers to the three binds: sections 4.1.2, 4.1.4 and 4.1.6."""

    system_id: str = ""
    tlvs: Tlvs = ()


class Outbind(NamedTuple):
    """outbind, section 4.1.7: an SMSC asks an ESME to bind as a receiver."""

    system_id: str = ""
    password: str = ""


class Empty(NamedTuple):
    """unbind (4.2), generic_nack (4.3), enquire_link (4.11) and every answer without a body."""


class SubmitSm(NamedTuple):
    """submit_sm (4.4.1); deliver_sm (4.6.1) has the same fields."""

    service_type: str = ""
    source_addr_ton: int = 0
    source_addr_npi: int = 0
    source_addr: str = ""
    dest_addr_ton: int = 0
    dest_addr_npi: int = 0
    destination_addr: str = ""
    esm_class: int = 0
    protocol_id: int = 0
    priority_flag: int = 0
    schedule_delivery_time: str = ""
    validity_period: str = ""
    registered_delivery: int = 0
    replace_if_present_flag: int = 0
    data_coding: int = 0
    sm_default_msg_id: int = 0
    short_message: bytes = b""
    tlvs: Tlvs = ()


DeliverSm = SubmitSm


class MessageId(NamedTuple):
    """submit_sm_resp (4.4.2), deliver_sm_resp (4.6.2, unused there) and data_sm_resp (4.7.2)."""

    message_id: str = ""
    tlvs: Tlvs = ()


class Destination(NamedTuple):
    """One dest_address of submit_multi (4.5.1.1): an address, or the name of a distribution list when
    `list_name` is set."""

    addr_ton: int = 0
    addr_npi: int = 0
    address: str = ""
    list_name: str = ""


class SubmitMulti(NamedTuple):
    """submit_multi, section 4.5.1. At most 254 destinations."""

    service_type: str = ""
    source_addr_ton: int = 0
    source_addr_npi: int = 0
    source_addr: str = ""
    destinations: tuple[Destination, ...] = ()
    esm_class: int = 0
    protocol_id: int = 0
    priority_flag: int = 0
    schedule_delivery_time: str = ""
    validity_period: str = ""
    registered_delivery: int = 0
    replace_if_present_flag: int = 0
    data_coding: int = 0
    sm_default_msg_id: int = 0
    short_message: bytes = b""
    tlvs: Tlvs = ()


class Unsuccessful(NamedTuple):
    """One unsuccess_sme of submit_multi_resp (4.5.2.1): the destination and its command_status."""

    addr_ton: int = 0
    addr_npi: int = 0
    address: str = ""
    status: int = 0


class SubmitMultiResp(NamedTuple):
    """submit_multi_resp, section 4.5.2."""

    message_id: str = ""
    unsuccessful: tuple[Unsuccessful, ...] = ()
    tlvs: Tlvs = ()


class DataSm(NamedTuple):
    """data_sm, section 4.7.1: the text is in message_payload."""

    service_type: str = ""
    source_addr_ton: int = 0
    source_addr_npi: int = 0
    source_addr: str = ""
    dest_addr_ton: int = 0
    dest_addr_npi: int = 0
    destination_addr: str = ""
    esm_class: int = 0
    registered_delivery: int = 0
    data_coding: int = 0
    tlvs: Tlvs = ()


class QuerySm(NamedTuple):
    """query_sm, section 4.8.1."""

    message_id: str = ""
    source_addr_ton: int = 0
    source_addr_npi: int = 0
    source_addr: str = ""


class QuerySmResp(NamedTuple):
    """query_sm_resp, section 4.8.2. `message_state` is of section 5.2.28."""

    message_id: str = ""
    final_date: str = ""
    message_state: int = 0
    error_code: int = 0


class CancelSm(NamedTuple):
    """cancel_sm, section 4.9.1."""

    service_type: str = ""
    message_id: str = ""
    source_addr_ton: int = 0
    source_addr_npi: int = 0
    source_addr: str = ""
    dest_addr_ton: int = 0
    dest_addr_npi: int = 0
    destination_addr: str = ""


class ReplaceSm(NamedTuple):
    """replace_sm, section 4.10.1."""

    message_id: str = ""
    source_addr_ton: int = 0
    source_addr_npi: int = 0
    source_addr: str = ""
    schedule_delivery_time: str = ""
    validity_period: str = ""
    registered_delivery: int = 0
    sm_default_msg_id: int = 0
    short_message: bytes = b""


class AlertNotification(NamedTuple):
    """alert_notification, section 4.12.1: a handset can be reached again. It has no answer."""

    source_addr_ton: int = 0
    source_addr_npi: int = 0
    source_addr: str = ""
    esme_addr_ton: int = 0
    esme_addr_npi: int = 0
    esme_addr: str = ""
    tlvs: Tlvs = ()


Body = (
    Bind
    | BindResp
    | Outbind
    | Empty
    | SubmitSm
    | MessageId
    | SubmitMulti
    | SubmitMultiResp
    | DataSm
    | QuerySm
    | QuerySmResp
    | CancelSm
    | ReplaceSm
    | AlertNotification
)
BODIES: dict[int, type[Body]] = {
    Command.BIND_RECEIVER: Bind,
    Command.BIND_TRANSMITTER: Bind,
    Command.BIND_TRANSCEIVER: Bind,
    Command.BIND_RECEIVER_RESP: BindResp,
    Command.BIND_TRANSMITTER_RESP: BindResp,
    Command.BIND_TRANSCEIVER_RESP: BindResp,
    Command.OUTBIND: Outbind,
    Command.UNBIND: Empty,
    Command.UNBIND_RESP: Empty,
    Command.GENERIC_NACK: Empty,
    Command.ENQUIRE_LINK: Empty,
    Command.ENQUIRE_LINK_RESP: Empty,
    Command.SUBMIT_SM: SubmitSm,
    Command.DELIVER_SM: SubmitSm,
    Command.SUBMIT_SM_RESP: MessageId,
    Command.DELIVER_SM_RESP: MessageId,
    Command.DATA_SM: DataSm,
    Command.DATA_SM_RESP: MessageId,
    Command.SUBMIT_MULTI: SubmitMulti,
    Command.SUBMIT_MULTI_RESP: SubmitMultiResp,
    Command.QUERY_SM: QuerySm,
    Command.QUERY_SM_RESP: QuerySmResp,
    Command.CANCEL_SM: CancelSm,
    Command.CANCEL_SM_RESP: Empty,
    Command.REPLACE_SM: ReplaceSm,
    Command.REPLACE_SM_RESP: Empty,
    Command.ALERT_NOTIFICATION: AlertNotification,
}
