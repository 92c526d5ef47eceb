"""Open an account: the account, its ledger, its opening top-up, its first user and their membership, all or nothing."""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from phonenumbers import SUPPORTED_REGIONS

from accounts import audit, ids
from accounts.models import Account, Currency, Membership, User
from accounts.refusals import Code, Refused
from accounts.vault import seal
from billing import ledger, topups
from billing.models import Plan, Price
from billing.pricing import plan_codes


@dataclass(frozen=True, slots=True)
class Opening:
    """What is asked for. `credit` is the opening top-up in `currency`, 0 for none; countries are ISO 3166-1 alpha-2."""

    name: str
    email: str
    password: str
    currency: Currency
    plan: str
    credit: Decimal
    country: str = "MA"
    allowed_countries: Sequence[str] = ()
    channels: Sequence[str] = field(default=())


@dataclass(frozen=True, slots=True)
class Opened:
    """What was made. `callback_secret` signs posts to `callback_url`; it is kept sealed, so here it is shown once."""

    account: Account
    user: User
    callback_secret: str


def open_account(opening: Opening, *, actor: str) -> Opened:
    """Open an account in one transaction; its opening credit is a top-up in the ledger.

    Raises `Refused(INVALID_FIELD)` with a sentence that names what is wrong; then nothing was made.
    """
    _check(opening)
    callback_secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    try:
        with transaction.atomic():
            user = User.objects.create_user(opening.email.strip(), opening.password)
            account = _account(opening, callback_secret)
            ledger.open(account.id, account.currency)
            Membership.objects.create(account=account, user=user, role=Membership.Role.OWNER)
            audit.record(
                account,
                actor=actor,
                action="account.opened",
                subject=ids.show("account", account.id),
                detail={"name": opening.name, "plan": opening.plan, "email": user.email},
            )
            if opening.credit:
                topups.by_operator(
                    account,
                    amount=opening.credit,
                    currency=opening.currency,
                    actor=actor,
                    reason="Opening credit",
                )
    except IntegrityError as error:
        if User.objects.filter(email__iexact=opening.email.strip()).exists():
            raise _taken(opening.email) from error
        raise
    return Opened(account, user, callback_secret)


def open_for_user(
    user: User, *, name: str, country: str, currency: Currency, language: str, time_zone: str, plan: str
) -> Account:
    """Open an account without credit for a person who signed up; they own it.

    Raises `Refused(INVALID_FIELD)` for a name, country or plan that is none, `Refused(INVALID_STATE)` for somebody who
    belongs to an account already; then nothing was made.
    """
    callback_secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    opening = Opening(name, user.email, "", currency, plan, Decimal(0), country=country)
    _check_account(opening)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)  # two clicks at once open one account
        if user.memberships.exists():
            raise Refused(Code.INVALID_STATE, "You belong to an account already.")
        account = _account(opening, callback_secret)
        account.language, account.time_zone = language, time_zone
        account.save(update_fields=["language", "time_zone"])
        ledger.open(account.id, account.currency)
        Membership.objects.create(account=account, user=user, role=Membership.Role.OWNER)
        audit.record(
            account,
            actor=user.email,
            action="account.opened",
            subject=ids.show("account", account.id),
            detail={"name": account.name, "plan": plan, "email": user.email},
        )
    return account


def known_country(text: str, *, param: str = "country") -> str:
    """The ISO 3166-1 alpha-2 code of a country that has phone numbers, in upper case. Raises `Refused(INVALID_FIELD)`."""
    code = text.strip().upper()
    if code not in SUPPORTED_REGIONS:
        raise Refused(Code.INVALID_FIELD, f"{text!r} is not a country code such as MA or FR.", param=param)
    return code


def known_channel(text: str, *, param: str = "channel") -> str:
    """A channel that some plan has a price for. Raises `Refused(INVALID_FIELD)`."""
    known = sorted(Price.objects.order_by().values_list("channel", flat=True).distinct())
    if text not in known:
        raise Refused(
            Code.INVALID_FIELD,
            f"There is no price for a channel {text!r}; there are {', '.join(known)}.",
            param=param,
        )
    return text


def _account(opening: Opening, callback_secret: str) -> Account:
    return Account.objects.create(
        name=opening.name.strip(),
        currency=opening.currency,
        plan=opening.plan,
        country=known_country(opening.country),
        allowed_countries=[known_country(code, param="allow-country") for code in opening.allowed_countries],
        channels=[known_channel(channel) for channel in dict.fromkeys(opening.channels)],
        callback_secret=seal(callback_secret),
    )


def _check_account(opening: Opening) -> None:
    if not 0 < len(opening.name.strip()) <= 120:
        raise Refused(Code.INVALID_FIELD, "name must have 1 to 120 characters.", param="name")
    if opening.credit < 0:
        raise Refused(Code.INVALID_FIELD, "credit must not be negative.", param="credit")
    if not Plan.objects.filter(code=opening.plan).exists():
        raise Refused(
            Code.INVALID_FIELD,
            f"There is no plan {opening.plan!r}; there are {', '.join(plan_codes())}.",
            param="plan",
        )


def _check(opening: Opening) -> None:
    _check_account(opening)
    try:
        validate_email(opening.email.strip())
    except ValidationError:
        raise Refused(
            Code.INVALID_FIELD, f"{opening.email!r} is not an e-mail address.", param="email"
        ) from None
    if User.objects.filter(email__iexact=opening.email.strip()).exists():
        raise _taken(opening.email)
    try:
        validate_password(opening.password, User(email=opening.email.strip()))
    except ValidationError as error:
        raise Refused(Code.INVALID_FIELD, " ".join(error.messages), param="password") from None


def _taken(email: str) -> Refused:
    return Refused(Code.INVALID_FIELD, f"The e-mail address {email.strip()} is taken.", param="email")
