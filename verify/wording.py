"""The words around a code: our sentence in the account's language, or the customer's template; and the same text with the code
hidden, which is all that anybody but the carrier gets to see."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from accounts.refusals import Code, Refused
from messaging import wording
from messaging.text import clean

SENTENCES: Mapping[str, str] = {
    "fr": "{{brand}} : votre code est {{code}}. Ne le communiquez à personne.",
    "en": "{{brand}}: your code is {{code}}. Do not share it with anyone.",
    "ar": "رمز {{brand}} الخاص بك: {{code}}. لا تشاركه مع أحد.",
}
LANGUAGES = tuple(SENTENCES)
MOST_TEMPLATE_CHARACTERS = 1000
HIDDEN = "*"
_DOMAIN = re.compile(r"(?=.{4,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}", re.ASCII)


class Texts(NamedTuple):
    """`real` goes to the carrier, `shown` to everybody else."""

    real: str
    shown: str


def texts(template: str, *, brand: str, code: str, domain: str = "") -> Texts:
    """The message. With a `domain` its last line lets a browser on that site fill the code in (W3C, origin-bound one-time
    codes)."""
    if domain:
        template = f"{template.rstrip()}\n\n@{domain} #{{{{code}}}}"
    shown = {"brand": brand, "code": HIDDEN * len(code)}
    return Texts(wording.fill(template, shown | {"code": code}), wording.fill(template, shown))


def default_template(language: str) -> str:
    """Our sentence; English for a language that we do not have."""
    return SENTENCES.get(language[:2], SENTENCES["en"])


def checked_template(template: str) -> str:
    """The template, cleaned. Raises `Refused`: it must hold `{{code}}`, and no placeholder but that and `{{brand}}`."""
    cleaned = clean(template)
    names = set(wording.variables(cleaned))
    if "code" not in names:
        raise Refused(Code.INVALID_FIELD, "template must contain {{code}}.", param="template")
    if names - {"code", "brand"}:
        raise Refused(
            Code.INVALID_FIELD, "template may contain {{code}} and {{brand}} only.", param="template"
        )
    if len(cleaned) > MOST_TEMPLATE_CHARACTERS:
        raise Refused(
            Code.MESSAGE_TOO_LONG,
            f"template has {len(cleaned)} characters; at most {MOST_TEMPLATE_CHARACTERS} are taken.",
            param="template",
        )
    return cleaned


def checked_domain(domain: str) -> str:
    """A host name in lower case. Raises `Refused(INVALID_FIELD)`."""
    lowered = domain.strip().lower()
    if _DOMAIN.fullmatch(lowered) is None:
        raise Refused(Code.INVALID_FIELD, "domain must be a host name such as example.com.", param="domain")
    return lowered
