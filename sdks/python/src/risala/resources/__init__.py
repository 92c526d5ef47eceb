"""All calls by resource. Drawn from the OpenAPI document; do not change by hand."""

from __future__ import annotations

from risala.calls import Caller
from risala.resources.account import AccountCalls
from risala.resources.analytics import AnalyticsCalls
from risala.resources.api_keys import ApiKeysCalls
from risala.resources.balance import BalanceCalls
from risala.resources.billing import BillingCalls
from risala.resources.campaigns import CampaignsCalls
from risala.resources.contacts import ContactsCalls
from risala.resources.health import HealthCalls
from risala.resources.inbound import InboundCalls
from risala.resources.lists import ListsCalls
from risala.resources.messages import MessagesCalls
from risala.resources.optouts import OptoutsCalls
from risala.resources.sandbox import SandboxCalls
from risala.resources.templates import TemplatesCalls
from risala.resources.verify import VerifyCalls
from risala.resources.webhooks import WebhooksCalls


class Resources:
    """What a client offers, one attribute per resource."""

    def __init__(self, caller: Caller) -> None:
        self.account = AccountCalls(caller)
        self.analytics = AnalyticsCalls(caller)
        self.api_keys = ApiKeysCalls(caller)
        self.balance = BalanceCalls(caller)
        self.billing = BillingCalls(caller)
        self.campaigns = CampaignsCalls(caller)
        self.contacts = ContactsCalls(caller)
        self.health = HealthCalls(caller)
        self.inbound = InboundCalls(caller)
        self.lists = ListsCalls(caller)
        self.messages = MessagesCalls(caller)
        self.optouts = OptoutsCalls(caller)
        self.sandbox = SandboxCalls(caller)
        self.templates = TemplatesCalls(caller)
        self.verify = VerifyCalls(caller)
        self.webhooks = WebhooksCalls(caller)
