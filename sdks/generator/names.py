"""What an operation of the API is called in the libraries: `resource.method`. A rule names all of them; the tables hold
what the rule would name badly."""

from __future__ import annotations

from collections.abc import Sequence

# Operations whose method would otherwise have a poor name.
METHODS = {
    "POST /v1/messages": "messages.send",
    "GET /v1/verify/{id}": "verify.status",
    "POST /v1/contacts/import": "contacts.import_many",
    "POST /v1/webhooks/{id}/deliveries/{event_id}/replay": "webhooks.replay_delivery",
    "POST /v1/billing/topups": "billing.create_topup",
}
# Beginnings of a path that are a resource of their own.
RESOURCES = {"contacts/lists": "lists"}
SINGULARS = {
    "analytics": "Analytics",
    "lists": "ContactList",
    "optouts": "OptOut",
    "verify": "Verification",
}
# Names of the shapes of answers that the rule would name badly, by method; several for an answer of several forms.
ANSWERS: dict[str, tuple[str, ...]] = {
    "api_keys.create": ("NewApiKey",),
    "billing.plans": ("Price",),
    "billing.transactions": ("Transaction",),
    "billing.topups": ("TopUp",),
    "billing.create_topup": ("NewTopUp",),
    "contacts.import_many": ("ContactImport",),
    "messages.bulk": ("AcceptedBatch",),
    "messages.send": ("AcceptedMessage", "AcceptedBatch"),
    "verify.check": ("VerificationCheck",),
    "verify.lookup": ("NumberLookup",),
    "verify.send": ("NewVerification",),
    "webhooks.create": ("NewWebhook",),
    "webhooks.deliveries": ("Delivery",),
    "webhooks.delivery": ("DeliveryDetail",),
    "webhooks.rotate": ("NewSecret",),
}
# Members that the libraries do not offer, because another name for the same is there, and those they ask for, where
# the document leaves a choice of names.
ALIASES = frozenset({("messages.send", "body"), ("messages.bulk", "body")})
WANTED = frozenset({("messages.send", "to"), ("messages.send", "message"), ("messages.bulk", "to")})
# Members of which the document lists only a part.
OPEN = frozenset({"buttons"})
WORDS = {"GET": "get", "POST": "create", "PATCH": "update", "PUT": "replace", "DELETE": "delete"}


def call(method: str, path: str, *, is_list: bool) -> tuple[str, str]:
    """Resource and method of an operation, both in snake case.

    `method` is the HTTP method in upper case, `path` as the document has it (`/v1/…/{id}`), `is_list` whether the
    answer is a list."""
    named = METHODS.get(f"{method} {path}")
    if named:
        resource, _, name = named.partition(".")
        return resource, name
    parts = path.strip("/").split("/")[1:]
    resource, rest = _resource(parts)
    words = [part.replace("-", "_") for part in rest if not part.startswith("{")]
    about_one = bool(rest) and rest[-1].startswith("{")
    if not words:
        return resource, "list" if method == "GET" and is_list and not about_one else WORDS[method]
    if method in ("GET", "POST"):
        return resource, "_".join([*words[:-1], singular(words[-1]) if about_one else words[-1]])
    return resource, "_".join([WORDS[method], *words[:-1], singular(words[-1])])


def _resource(parts: Sequence[str]) -> tuple[str, Sequence[str]]:
    known = RESOURCES.get("/".join(parts[:2]))
    return (known, parts[2:]) if known else (parts[0].replace("-", "_"), parts[1:])


def answers(resource: str, name: str) -> tuple[str, ...]:
    """Names of the shapes that a call answers with, at least one."""
    one = SINGULARS.get(resource) or pascal(singular(resource))
    rule = {"list": one, "get": one, "status": one}.get(name) or one + pascal(name)
    return ANSWERS.get(f"{resource}.{name}", (rule,))


def singular(word: str) -> str:
    """`deliveries` to `delivery`, `topups` to `topup`."""
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def pascal(word: str) -> str:
    """`api_key` to `ApiKey`."""
    return "".join(part[:1].upper() + part[1:] for part in word.replace("-", "_").split("_"))


def calls(resource: str) -> str:
    """What the class of a resource's calls is called; never like one of its shapes."""
    return pascal(resource) + "Calls"


def camel(word: str) -> str:
    """`api_keys` to `apiKeys`."""
    made = pascal(word)
    return made[:1].lower() + made[1:]
