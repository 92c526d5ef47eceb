"""SMPP 3.4: our own codec and our own session, for carriers that we bind to and for customers that bind to us.

No ORM, no settings, no Celery: a configuration goes in, results of `carriers/contract.py` come out.

| file | what it holds |
|---|---|
| `tlv.py`, `pdu.py`, `wire.py` | the octets: optional parameters, PDU bodies, frames of a stream |
| `coding.py`, `unpacking.py` | text to `short_message` parts, and back |
| `status.py`, `receipts.py`, `ids.py` | what a carrier's codes, delivery receipts and message ids mean |
| `link.py` | one connection: sequence numbers, answers, time-outs, enquire_link; the same for both ends |
| `pace.py` | speed in segments a second, halved when a carrier throttles |
| `binding.py`, `session.py` | the client: binds kept alive, a window, submits with their results |
| `server.py` | the other end: binds accepted, limits, deliver_sm pushed |

Sections are those of "Short Message Peer to Peer Protocol Specification v3.4", issue 1.2.
"""
