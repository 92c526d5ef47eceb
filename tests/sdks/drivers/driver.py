"""Drives the Python library; see README.md. Runs with `python -I -S`: nothing but the standard library is there."""

import base64
import inspect
import json
import keyword
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "sdks" / "python" / "src"))

import risala

client = None


def python_name(name: str) -> str:
    return f"{name}_" if keyword.iskeyword(name) else name


def shown(answer):
    if isinstance(answer, risala.Page):
        return {"data": answer.data, "total": answer.total, "next_cursor": answer.next_cursor}
    return answer


def called(task):
    resource, _, method = task["name"].partition(".")
    function = getattr(getattr(client, resource), method)
    named = {python_name(name): value for name, value in (task.get("fields") or {}).items()}
    if "idempotency_key" in task:
        named["idempotency_key"] = task["idempotency_key"]
    inspect.signature(function).bind(*task.get("parts", []), **named)
    return function(*task.get("parts", []), **named)


def perform(task):
    global client
    if task["do"] == "client":
        client = risala.Risala(
            task["api_key"], task["base_url"], timeout_seconds=5, retries=task.get("retries", 3)
        )
        return risala.__version__
    if task["do"] == "call":
        return shown(called(task))
    if task["do"] == "all":
        return list(called(task))
    return risala.verify_signature(
        base64.b64decode(task["payload"]),
        task["headers"],
        task["secret"],
        profile=task["profile"],
        **({"now": task["now"]} if "now" in task else {}),
    )


for line in sys.stdin:
    try:
        answer = {"ok": perform(json.loads(line))}
    except risala.RisalaError as error:
        names = ("code", "status", "param", "docs", "request_id", "retry_after_seconds", "answer_lost")
        answer = {
            "error": {"kind": type(error).__name__, **{name: getattr(error, name, None) for name in names}}
        }
    sys.stdout.write(json.dumps(answer, default=float) + "\n")
    sys.stdout.flush()
