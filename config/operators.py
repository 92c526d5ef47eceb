"""The operators' admin as a whole: its name, its menu, and the content security policy that its pages need."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy

ADMIN_POLICY = {
    # The admin's widgets evaluate expressions (Alpine) and set styles; no other page may.
    "script-src": ["'self'", "'unsafe-eval'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:"],
}
GROUPS: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = (
    (
        "Customers",
        (
            ("Accounts", "apartment", "accounts_account"),
            ("API keys", "key", "accounts_apikey"),
            ("Users", "person", "accounts_user"),
            ("Memberships", "group", "accounts_membership"),
            ("E-mail addresses", "mail", "account_emailaddress"),
            ("Second steps", "passkey", "mfa_authenticator"),
            ("Sign-in sessions", "devices", "usersessions_usersession"),
        ),
    ),
    (
        "Messages",
        (
            ("Messages", "sms", "messaging_message"),
            ("Batches", "stacks", "messaging_batch"),
            ("Campaigns", "campaign", "campaigns_campaign"),
            ("Queue", "hourglass_top", "messaging_queuerow"),
            ("Receipts", "mark_chat_read", "messaging_receiptrecord"),
            ("Inbound", "inbox", "messaging_inbound"),
            ("Template approvals", "approval", "messaging_templateversion"),
            ("Templates", "description", "messaging_template"),
        ),
    ),
    (
        "One-time codes",
        (
            ("Sessions", "password", "verify_session"),
            ("Closed countries", "block", "verify_countryblock"),
        ),
    ),
    (
        "Contacts",
        (
            ("Contacts", "contacts", "contacts_contact"),
            ("Contact lists", "lists", "contacts_contactlist"),
            ("Opt-outs", "do_not_disturb_on", "contacts_optoutpage"),
        ),
    ),
    (
        "Carriers and routing",
        (
            ("Carriers", "cell_tower", "messaging_carrier"),
            ("Routes", "alt_route", "messaging_route"),
            ("Sender ids", "badge", "messaging_senderid"),
            ("Protected names", "shield", "messaging_protectedname"),
            ("SIMs", "sim_card", "messaging_sim"),
            ("Inbound numbers", "dialpad", "messaging_inboundnumber"),
            ("Carrier codes", "rule", "messaging_carriercode"),
            ("Unknown codes", "help", "messaging_unknowncode"),
        ),
    ),
    (
        "Prices",
        (
            ("Plans", "sell", "billing_plan"),
            ("Prices", "price_change", "billing_price"),
            ("Exchange rates", "currency_exchange", "billing_exchangerate"),
        ),
    ),
    (
        "Money",
        (
            ("Ledgers", "account_balance_wallet", "billing_ledger"),
            ("Ledger entries", "receipt_long", "billing_entry"),
            ("Holds", "lock_clock", "billing_hold"),
            ("Top-ups", "add_card", "billing_topup"),
            ("Payment alarms", "notification_important", "billing_paymentalarm"),
            ("Monthly quotas", "speed", "billing_monthlyquota"),
        ),
    ),
    ("Webhooks", (("Endpoints", "webhook", "webhooks_endpoint"),)),
    (
        "System",
        (
            ("Audit trail", "history", "accounts_auditentry"),
            ("Idempotency keys", "fingerprint", "accounts_idempotencykeypage"),
            ("Unknown paths", "wrong_location", "messaging_unknownpath"),
            ("Periodic tasks", "schedule", "django_celery_beat_periodictask"),
            ("Groups", "admin_panel_settings", "auth_group"),
        ),
    ),
)


def appearance(brand: str) -> dict[str, object]:
    """The setting `UNFOLD`: titles from the brand, and the menu."""
    return {
        "SITE_TITLE": brand,
        "SITE_HEADER": brand,
        "SITE_SYMBOL": "forum",
        "SITE_URL": None,
        "SITE_FAVICONS": [
            {"rel": "icon", "type": "image/svg+xml", "href": lambda request: reverse("favicon")}
        ],
        "SHOW_HISTORY": False,
        "SHOW_VIEW_ON_SITE": False,
        "SIDEBAR": {
            "show_search": True,
            "navigation": [
                {
                    "title": title,
                    "separator": True,
                    "collapsible": False,
                    "items": [
                        {
                            "title": name,
                            "icon": icon,
                            "link": reverse_lazy(f"admin:{page}_changelist"),
                            "permission": _may_view(page),
                        }
                        for name, icon, page in pages
                    ],
                }
                for title, pages in GROUPS
            ],
        },
    }


def _may_view(page: str) -> Callable[[HttpRequest], bool]:
    app, _, model = page.rpartition("_")
    return lambda request: request.user.has_perm(f"{app}.view_{model}")


class AdminPolicy:
    """Middleware, below `CSPMiddleware`: loosens the policy under the admin's address, and nowhere else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(reverse("admin:index")):
            response._csp_update = ADMIN_POLICY  # type: ignore[attr-defined]
        return response
