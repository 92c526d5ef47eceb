<?php

// All calls by resource. Drawn from the OpenAPI document; do not change by hand.

declare(strict_types=1);

namespace Risala\Resources;

use Risala\Caller;

/** What a client offers, one property per resource. */
abstract class Resources
{
    public readonly AccountCalls $account;
    public readonly AnalyticsCalls $analytics;
    public readonly ApiKeysCalls $apiKeys;
    public readonly BalanceCalls $balance;
    public readonly BillingCalls $billing;
    public readonly CampaignsCalls $campaigns;
    public readonly ContactsCalls $contacts;
    public readonly HealthCalls $health;
    public readonly InboundCalls $inbound;
    public readonly ListsCalls $lists;
    public readonly MessagesCalls $messages;
    public readonly OptoutsCalls $optouts;
    public readonly SandboxCalls $sandbox;
    public readonly TemplatesCalls $templates;
    public readonly VerifyCalls $verify;
    public readonly WebhooksCalls $webhooks;

    public function __construct(Caller $caller)
    {
        $this->account = new AccountCalls($caller);
        $this->analytics = new AnalyticsCalls($caller);
        $this->apiKeys = new ApiKeysCalls($caller);
        $this->balance = new BalanceCalls($caller);
        $this->billing = new BillingCalls($caller);
        $this->campaigns = new CampaignsCalls($caller);
        $this->contacts = new ContactsCalls($caller);
        $this->health = new HealthCalls($caller);
        $this->inbound = new InboundCalls($caller);
        $this->lists = new ListsCalls($caller);
        $this->messages = new MessagesCalls($caller);
        $this->optouts = new OptoutsCalls($caller);
        $this->sandbox = new SandboxCalls($caller);
        $this->templates = new TemplatesCalls($caller);
        $this->verify = new VerifyCalls($caller);
        $this->webhooks = new WebhooksCalls($caller);
    }
}
