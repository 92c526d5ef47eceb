"""What document D shows: a message's status, the SIMs to send by, and whether the gateway answers."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse

from accounts import ids
from accounts.api.rendering import answer, number
from accounts.api.scoping import ANY_KEY, visible_to
from accounts.caller import Caller
from accounts.models import Mode
from accounts.refusals import Code, Refused
from messaging import connecting, sims
from messaging.carriers.contract import Accepted, Result
from messaging.dialects.prosendi.errors import enter
from messaging.dialects.prosendi.words import SANDBOX, WORDS, reason_of, time_of
from messaging.models import Carrier, Message, Sim


def status(request: HttpRequest, sms_id: str) -> HttpResponse:
    """`GET /api/sms/status/{sms_id}`."""
    caller = enter(request, "status")
    message = visible_to(Message.objects.all(), caller).filter(pk=ids.read("message", sms_id)).first()
    if message is None:
        raise Refused(Code.NOT_FOUND, "No such message.")
    word = WORDS[message.status]
    data = {
        "sms_id": str(message.id),
        "recipient": message.to,
        "sender": message.sender,
        "message": message.text,
        "status": word,
        "status_label": word.capitalize(),
        "sent_at": time_of(message.sent_at),
        "delivered_at": time_of(message.delivered_at),
        "failed_at": time_of(message.final_at) if word == "failed" else None,
        "failure_reason": reason_of(message.error_code, caller) if word == "failed" else None,
        "cost": number(message.price),
        "retry_count": max(0, message.attempts - 1),
        "sim_number": message.sender if message.sender.startswith("+") else None,
    }
    return answer({"success": True, "data": data})


def available(request: HttpRequest) -> HttpResponse:
    """`GET /api/sms/sims/available`: the account's own SIM, and all that it may send by."""
    caller = enter(request, ANY_KEY)
    found = sims.of_account(caller.account_id)
    if not found and caller.mode == Mode.TEST:
        found = [SANDBOX]
    failed = sims.failed_today(found)
    assigned = next((sim for sim in found if sim.account_id == caller.account_id), None)
    data = {
        "assigned_sim": _brief(assigned) if assigned else None,
        "available_sims": [_shown(sim, failed, caller) for sim in found],
        "total_available": len(found),
    }
    return answer({"success": True, "data": data})


def _brief(sim: Sim) -> dict[str, object]:
    return {
        "id": sim.id,
        "number": sim.number,
        "name": sim.name,
        "operator": sim.operator,
        "can_send_sms": sims.ready(sim) and sims.room(sim) > 0,
    }


def _shown(sim: Sim, failed: Mapping[int, int], caller: Caller) -> dict[str, object]:
    brief = _brief(sim)
    can_send = brief.pop("can_send_sms")
    usage = sims.used(sim)
    return {
        **brief,
        "port": sim.port,
        "slot": sim.slot,
        "is_default": sim.is_default,
        "balance": number(sim.balance),
        "daily_limit": sim.daily_limit,
        "monthly_limit": sim.monthly_limit,
        "usage_stats": {
            "today_sent": max(0, usage.today - failed.get(sim.id, 0)),
            "today_failed": failed.get(sim.id, 0),
            "this_month_sent": usage.this_month,
        },
        "can_send_sms": can_send,
        "assigned_to": caller.account.name if sim.account_id else None,
    }


def test_connection(request: HttpRequest) -> HttpResponse:
    """`GET /api/sms/test-connection`: for keys with `admin:gateway`, asks the gateway of the account's SIM; sends nothing."""
    caller = enter(request, "admin:gateway")
    found = sims.of_account(caller.account_id)
    carrier = found[0].carrier if found else _simulator(caller)
    result = connecting.probe(carrier)
    works = isinstance(result, Accepted)
    body = {
        "success": works,
        "message": "Connexion 1SIMPLE1 réussie" if works else "Échec de la connexion 1SIMPLE1",
        "data": {"result": "success"} if works else {"result": "failed", "reason": _why(result)},
        "status_code": 200 if works else 503,
    }
    if not works:
        body["error"] = "gateway_unavailable"
    return answer(body, 200 if works else 503)


def _simulator(caller: Caller) -> Carrier:
    """What test keys are connected to while the pool is empty. Raises `Refused(NO_ROUTE)` for live ones."""
    if caller.mode != Mode.TEST:
        raise Refused(Code.NO_ROUTE, sims.NO_SIM)
    return connecting.named("simulator")


def _why(result: Result) -> str:
    return "" if isinstance(result, Accepted) else result.code
