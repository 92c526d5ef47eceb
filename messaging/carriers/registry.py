"""Which kinds of carrier there are. The only file that knows them all: the rest of the product asks here by
kind."""

from collections.abc import Mapping

from messaging.carriers import http_generic, sim_gateway, sms_to
from messaging.carriers.contract import Carrier, CarrierConfig
from messaging.carriers.simulator import Simulator
from messaging.carriers.whatsapp_cloud import adapter as whatsapp_cloud

_ADAPTERS: Mapping[str, type[Carrier]] = {
    "http": http_generic.HttpGeneric,
    "sim_gateway": sim_gateway.SimGateway,
    "simulator": Simulator,
    "sms_to": sms_to.SmsTo,
    "whatsapp_cloud": whatsapp_cloud.WhatsAppCloud,
}

SECRET_KEYS: Mapping[str, frozenset[str]] = {
    "http": http_generic.SECRET_KEYS,
    "sim_gateway": sim_gateway.SECRET_KEYS,
    "simulator": frozenset(),
    "sms_to": sms_to.SECRET_KEYS,
    "whatsapp_cloud": whatsapp_cloud.SECRET_KEYS,
}
"""Per kind, the keys of `--set` that are credentials: encrypted at rest and never shown."""


class UnknownKind(LookupError):
    """No adapter of this kind exists."""


class NotUsable(ValueError):
    """A configuration that its adapter cannot work with; `problems` says why, one sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


def kinds() -> list[str]:
    """Every kind, in alphabetical order."""
    return sorted(_ADAPTERS)


def adapter(kind: str) -> type[Carrier]:
    """The class of a kind, for its class methods (`receipts`, `check`). Raises `UnknownKind`."""
    try:
        return _ADAPTERS[kind]
    except KeyError:
        raise UnknownKind(f"There is no carrier kind {kind!r}; there are {', '.join(kinds())}.") from None


def build(config: CarrierConfig) -> Carrier:
    """The adapter of a carrier row. Opens no socket. Raises `UnknownKind` and `NotUsable`."""
    chosen = adapter(config.kind)
    problems = chosen.check(config.settings, config.secrets)
    if problems:
        raise NotUsable(problems)
    return chosen(config)


def check(kind: str, settings: Mapping[str, str], secrets: Mapping[str, str]) -> list[str]:
    """What is wrong with a configuration, one sentence each; empty when it can be used. Raises
    `UnknownKind`."""
    return adapter(kind).check(settings, secrets)


def deduplicates(kind: str, settings: Mapping[str, str]) -> bool:
    """Whether a carrier of this kind and these settings never sends a repeated reference twice. False for an unknown kind."""
    chosen = _ADAPTERS.get(kind)
    return chosen is not None and (chosen.deduplicates or settings.get("deduplicates") == "yes")


def split(kind: str, values: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The `--set key=value` pairs of a carrier as (settings, secrets). Raises `UnknownKind`."""
    adapter(kind)
    secret = SECRET_KEYS[kind]
    settings = {key: value for key, value in values.items() if key not in secret}
    return settings, {key: value for key, value in values.items() if key in secret}
