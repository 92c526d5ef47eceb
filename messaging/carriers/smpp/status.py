"""command_status of SMPP 3.4 (section 5.1.3): its name, and what it says about a submit.

The difference is money (`carriers/contract.py`): an error answer means that the carrier did not take the message, so
it is `Rejected` where the message is at fault and `TryLater` where the carrier or the bind is. Only a lost answer is
`Unknown`, and that is for the session to say."""

from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Literal

from messaging.carriers.contract import Accepted, Rejected, Result, TryLater, Unknown
from messaging.carriers.reasons import Reason

Cause = Literal["unreachable", "throttled", "queue_full", "denied"]
Verdict = Reason | Cause
"""A reason: refused for good, for this reason. A cause: not taken this time."""


class Status(IntEnum):
    """Names without their ESME_ (section 5.1.3); 0x400 to 0x4FF are each carrier's own."""

    ROK = 0x00
    RINVMSGLEN = 0x01
    RINVCMDLEN = 0x02
    RINVCMDID = 0x03
    RINVBNDSTS = 0x04
    RALYBND = 0x05
    RINVPRTFLG = 0x06
    RINVREGDLVFLG = 0x07
    RSYSERR = 0x08
    RINVSRCADR = 0x0A
    RINVDSTADR = 0x0B
    RINVMSGID = 0x0C
    RBINDFAIL = 0x0D
    RINVPASWD = 0x0E
    RINVSYSID = 0x0F
    RCANCELFAIL = 0x11
    RREPLACEFAIL = 0x13
    RMSGQFUL = 0x14
    RINVSERTYP = 0x15
    RINVNUMDESTS = 0x33
    RINVDLNAME = 0x34
    RINVDESTFLAG = 0x40
    RINVSUBREP = 0x42
    RINVESMCLASS = 0x43
    RCNTSUBDL = 0x44
    RSUBMITFAIL = 0x45
    RINVSRCTON = 0x48
    RINVSRCNPI = 0x49
    RINVDSTTON = 0x50
    RINVDSTNPI = 0x51
    RINVSYSTYP = 0x53
    RINVREPFLAG = 0x54
    RINVNUMMSGS = 0x55
    RTHROTTLED = 0x58
    RINVSCHED = 0x61
    RINVEXPIRY = 0x62
    RINVDFTMSGID = 0x63
    RX_T_APPN = 0x64
    RX_P_APPN = 0x65
    RX_R_APPN = 0x66
    RQUERYFAIL = 0x67
    RINVOPTPARSTREAM = 0xC0
    ROPTPARNOTALLWD = 0xC1
    RINVPARLEN = 0xC2
    RMISSINGOPTPARAM = 0xC3
    RINVOPTPARAMVAL = 0xC4
    RDELIVERYFAILURE = 0xFE
    RUNKNOWNERR = 0xFF


VERDICTS: Mapping[int, Verdict] = {
    Status.RINVBNDSTS: "unreachable",  # not bound, or bound the other way: nothing of the message was looked at
    Status.RALYBND: "unreachable",
    Status.RBINDFAIL: "unreachable",
    Status.RSYSERR: "unreachable",
    Status.RX_T_APPN: "unreachable",
    Status.RTHROTTLED: "throttled",
    Status.RMSGQFUL: "queue_full",
    Status.RINVPASWD: "denied",
    Status.RINVSYSID: "denied",
    Status.RINVSYSTYP: "denied",
    Status.RINVSRCADR: Reason.SENDER_REFUSED,
    Status.RINVSRCTON: Reason.SENDER_REFUSED,
    Status.RINVSRCNPI: Reason.SENDER_REFUSED,
    Status.RINVDSTADR: Reason.INVALID_NUMBER,
    Status.RINVDSTTON: Reason.INVALID_NUMBER,
    Status.RINVDSTNPI: Reason.INVALID_NUMBER,
    Status.RINVMSGLEN: Reason.CONTENT_REFUSED,
    Status.RDELIVERYFAILURE: Reason.UNREACHABLE,
    Status.RUNKNOWNERR: Reason.UNKNOWN,
}
# Everything else that the specification names: the carrier understood the request and does not want it.
REFUSED: Verdict = Reason.CARRIER_REFUSED
DENYING = frozenset({Status.RINVPASWD, Status.RINVSYSID, Status.RINVSYSTYP})
"""What a bind is refused with when trying again by itself would not help: credentials, or their type."""
QUEUE_FULL_SECONDS = 5.0
PARTIAL = "PARTIAL"


def name(status: int) -> str:
    """`ESME_RTHROTTLED`; a number that the specification does not have as `0x00000400`."""
    try:
        return f"ESME_{Status(status).name}"
    except ValueError:
        return f"0x{status:08X}"


def verdict(status: int, own: Mapping[int, Verdict] | None = None) -> Verdict:
    """What a status other than 0 says. `own` are the carrier's own meanings, looked at first."""
    if own and status in own:
        return own[status]
    known = VERDICTS.get(status)
    if known is not None:
        return known
    return REFUSED if status in Status._value2member_map_ else Reason.UNKNOWN


def result(status: int, message_id: str = "", own: Mapping[int, Verdict] | None = None) -> Result:
    """The result of one submit_sm by its answer's status (section 4.4.2)."""
    if status == 0:
        return Accepted(message_id)
    found = verdict(status, own)
    if isinstance(found, Reason):
        return Rejected(name(status), found)
    return TryLater(name(status), found, after_seconds=QUEUE_FULL_SECONDS if found == "queue_full" else None)


def joined(results: Sequence[Result]) -> Result:
    """The result of a message from those of its parts, in order.

    All accepted: `Accepted` with the first id, and all of them as `parts`. Otherwise the part that failed
    decides: a lost answer before a refusal before a wish to wait. A message of which some parts were taken and
    others were not yet is `Unknown`, since to send it again would send the taken ones twice.
    """
    taken = [each for each in results if isinstance(each, Accepted)]
    if taken and len(taken) == len(results):
        ids = tuple(each.reference for each in taken)
        return Accepted(ids[0], parts=ids)
    failed = [each for each in results if not isinstance(each, Accepted)]
    for kind in (Unknown, Rejected):
        for each in failed:
            if isinstance(each, kind):
                return each
    if not failed:
        return Rejected("EMPTY", Reason.CONTENT_REFUSED, "there is no part to send")
    if taken:
        return Unknown(PARTIAL, f"{len(taken)} of {len(results)} parts were taken")
    return failed[0]
