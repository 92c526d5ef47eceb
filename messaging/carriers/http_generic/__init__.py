"""Kind `http`: an ordinary HTTP provider that an operator adds by settings, without code.

`template.py` makes the request, `finding.py` looks things up in what came back, `answers.py` says which result that is,
`receipts.py` reads callbacks, `plan.py` reads the settings and says what is wrong with them, `adapter.py` is the carrier.
`docs/carriers.md` lists the settings. Whatever is not certain is `Unknown`, so nothing is sent twice by a guess."""

from messaging.carriers.http_generic.adapter import HttpGeneric
from messaging.carriers.http_generic.plan import SECRET_KEYS

__all__ = ["SECRET_KEYS", "HttpGeneric"]
