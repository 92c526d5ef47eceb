"""What a fresh installation starts with: a demo account with money, an administrator, two keys, and routes to the
simulator. Made once; its secrets are kept in `$RISALA_VAR/demo.json`, readable by the owner only."""

import os
import secrets
import tempfile
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import orjson
from django.conf import settings
from django.db import connection, transaction

from accounts import ids, keys
from accounts.models import Account, Currency, Mode, User
from billing.opening import Opening, open_account
from messaging import routing
from messaging.sending.route import SIMULATOR

ADMIN_EMAIL = "admin@risala.local"
CREDIT = Decimal("500")
CHANNELS = ("sms", "whatsapp")
LAST_PRIORITY = 1000
LOCK = "risala demo"


def ensure(*, actor: str) -> dict[str, str]:
    """The facts of the demo account; made if this database has none, else exactly those of the first time.

    Where the account exists and its file is gone, new keys are made (the old are only known as hashes) and the password
    stays what it was: `admin_password` is then empty.
    """
    path = settings.VAR / "demo.json"
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [LOCK])
        kept = _kept(path)
        if kept is not None and Account.objects.filter(id=UUID(kept["account"])).exists():
            facts = kept
        else:
            facts = _make(actor)
            _keep(path, facts)
    account_id = ids.show("account", UUID(facts["account"]))
    shown = {key: value for key, value in facts.items() if key != "account"}
    return {"dashboard": f"{settings.PUBLIC_URL}/admin/", "account_id": account_id, **shown}


def _make(actor: str) -> dict[str, str]:
    user = User.objects.filter(email=ADMIN_EMAIL).first()
    membership = user.memberships.select_related("account").order_by("id").first() if user else None
    password = ""
    if membership is None:
        password = secrets.token_urlsafe(15)
        account = _open(password, actor)
    else:
        account = membership.account
    made = {
        mode: keys.issue(account, mode=mode, name=f"Demo {mode} key", actor=actor)[1]
        for mode in (Mode.TEST, Mode.LIVE)
    }
    return {
        "account": str(account.id),
        "admin_email": ADMIN_EMAIL,
        "admin_password": password,
        "api_key": made[Mode.TEST],
        "live_key": made[Mode.LIVE],
    }


def _open(password: str, actor: str) -> Account:
    opened = open_account(
        Opening(
            name="Demo",
            email=ADMIN_EMAIL,
            password=password,
            currency=Currency.MAD,
            plan="business",
            credit=CREDIT,
            channels=CHANNELS,
        ),
        actor=actor,
    )
    User.objects.filter(id=opened.user.id).update(is_staff=True, is_superuser=True)
    for channel in CHANNELS:
        routing.add(carrier=SIMULATOR, prefix="", channel=channel, priority=LAST_PRIORITY, actor=actor)
    return opened.account


def _kept(path: Path) -> dict[str, str] | None:
    try:
        read = orjson.loads(path.read_bytes())
    except (FileNotFoundError, orjson.JSONDecodeError):
        return None
    return read if isinstance(read, dict) and "account" in read else None


def _keep(path: Path, facts: dict[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".demo-")
    with os.fdopen(descriptor, "wb") as file:
        file.write(orjson.dumps(facts, option=orjson.OPT_INDENT_2))
        file.flush()
        os.fsync(file.fileno())
    Path(draft).replace(path)
