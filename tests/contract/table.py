"""Draws docs/compatibility.md from what the tests of this folder are made of: `python -m tests.contract.table`. A test compares
the two, so that the page cannot say what is not tested."""

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from tests.contract import (  # noqa: E402 - models come after Django
    examples_a,
    examples_b,
    examples_c,
    examples_campaigns,
    examples_d,
    examples_e,
    refusals_de,
)
from tests.contract.example import EXAMPLES, Example  # noqa: E402
from tests.contract.inventory import ENDPOINTS, MORE  # noqa: E402
from tests.contract.inventory import EXAMPLES as THEIR_TEST  # noqa: E402
from tests.contract.limits import LIMITS  # noqa: E402
from tests.contract.printed import NAMES  # noqa: E402
from tests.contract.refusals import REFUSALS  # noqa: E402
from tests.contract.rules import RULES  # noqa: E402

PAGE = Path(__file__).parents[2] / "docs" / "compatibility.md"
# They enter their examples and refusals when they are imported.
MODULES = (examples_a, examples_b, examples_c, examples_d, examples_e, examples_campaigns, refusals_de)
BEGINNING = """\
# Compatibility

A client that was written from one of five providers' documents works when its base address and its key are changed. This page
says what was tested of each document, and what differs. It is drawn from the tests themselves (`python -m tests.contract.table`),
and a test fails when it is not up to date.

How to read it:

- Each **printed answer** is compared field by field with what the running stack says: every printed field is there, with the
  printed type and format; facts have the printed value, ids and times the printed form. We may answer more fields than printed.
- Printed **commands and programs** (curl, Node.js, Python, PHP, bash) are run as printed; changed are the base address, the key,
  a webhook receiver's host, and ids that an earlier answer gave.
- Each **error** is provoked for each reason the document gives, and nothing may have moved: no message, no charge.
- Each **limit** is tried at its edge, which is taken, and one past it.
- Tests are named from `tests/`; a file stands for all of its tests.

Everywhere: times carry milliseconds where a document prints whole seconds, and ids are a prefix and 32 hexadecimal digits.
"""


def code(name: str) -> str:
    """A test's name without what all of them begin with."""
    return f"`{name}`"


def row(*cells: str) -> str:
    """One line of a table."""
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def table(*heads: str) -> list[str]:
    """The first two lines of a table."""
    return [row(*heads), "|" + "---|" * len(heads)]


def differences(examples: Iterable[Example]) -> str:
    """What differs from the printed answers, each once."""
    said = {f"`{path}`: {differs.why}" for one in examples for path, differs in one.differs.items()}
    return "; ".join(sorted(said)) or "–"


def addresses(document: str) -> Iterator[str]:
    """The table of a document's addresses."""
    yield from table(
        "address", "printed answers compared", "status", "what differs, and why", "further tests"
    )
    for endpoint in ENDPOINTS[document]:
        examples = [one for one in EXAMPLES if (one.document, one.heading) == (document, endpoint)]
        kinds = ", ".join(one.more or "as printed" for one in examples) or "none printed"
        statuses = ", ".join(sorted({str(one.status) for one in examples})) or "–"
        more = ", ".join(code(name) for name in MORE.get((document, endpoint), ())) or "–"
        yield row(f"`{endpoint}`", kinds, statuses, differences(examples), more)
    others = [one for one in EXAMPLES if one.document == document and one.heading not in ENDPOINTS[document]]
    for one in others:
        yield row(f"“{one.heading}”", one.more or "as printed", str(one.status), differences([one]), "–")


def errors(document: str) -> Iterator[str]:
    """The table of a document's errors."""
    yield from table("code", "HTTP", "provoked because")
    found: dict[tuple[str, int, str], list[str]] = {}
    for one in REFUSALS:
        if one.document == document:
            found.setdefault((one.code, one.status, one.differs), []).append(one.because)
    for (name, status, differs), reasons in found.items():
        yield row(f"`{name}`", str(status), "; ".join(reasons) + (f". Differs: {differs}" if differs else ""))


def limits(document: str) -> Iterator[str]:
    """The table of a document's limits."""
    yield from table("limit", "taken", "refused", "as")
    for one in LIMITS:
        if one.document == document:
            status, name = one.refused
            spelled = name.lower() if document == "c" else name
            yield row(one.what, numbers(one.inside), numbers(one.past), f"{status} `{spelled}`")


def numbers(sizes: tuple[int, ...]) -> str:
    """Sizes as people read them."""
    return ", ".join(f"{size:,}" for size in sizes)


def rules(document: str) -> Iterator[str]:
    """The table of a document's rules."""
    yield from table("rule", "what differs, and why", "tests")
    for group in RULES.values():
        for rule in group:
            if document in rule.documents:
                yield row(rule.says, rule.differs or "–", ", ".join(code(name) for name in rule.tests))


def page() -> str:
    """The whole page."""
    lines = [
        BEGINNING,
        f"Printed answers: `{THEIR_TEST}`. Errors: `contract/test_refusals.py`. Limits: `contract/test_limits.py`.",
        "",
    ]
    for document, name in NAMES.items():
        lines += [
            f"## Document {document.upper()}: {name}",
            "",
            "### Addresses",
            "",
            *addresses(document),
            "",
        ]
        lines += ["### Errors", "", *errors(document), "", "### Limits", "", *limits(document), ""]
        lines += ["### Rules", "", *rules(document), ""]
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    PAGE.write_text(page())
    sys.stdout.write(f"{PAGE}\n")
