// All calls by resource. Drawn from the OpenAPI document; do not change by hand.
'use strict';

const { Resource } = require('../lib/calls.cjs');

class AccountCalls extends Resource {
  get() {
    return this._caller.call('GET', '/v1/account');
  }
}

class AnalyticsCalls extends Resource {
  get(fields) {
    return this._caller.call('GET', '/v1/analytics', fields);
  }
}

class ApiKeysCalls extends Resource {
  create(fields) {
    return this._caller.call('POST', '/v1/api-keys', fields);
  }

  delete(id) {
    return this._caller.call('DELETE', `/v1/api-keys/${this._part(id)}`);
  }

  list() {
    return this._caller.pages('/v1/api-keys');
  }

  update(id, fields) {
    return this._caller.call('PATCH', `/v1/api-keys/${this._part(id)}`, fields);
  }
}

class BalanceCalls extends Resource {
  get() {
    return this._caller.call('GET', '/v1/balance');
  }
}

class BillingCalls extends Resource {
  balance() {
    return this._caller.call('GET', '/v1/billing/balance');
  }

  createTopup(fields, options) {
    return this._caller.call('POST', '/v1/billing/topups', fields, { ...options, keyed: true });
  }

  plans(fields) {
    return this._caller.pages('/v1/billing/plans', fields);
  }

  topup(id) {
    return this._caller.call('GET', `/v1/billing/topups/${this._part(id)}`);
  }

  topups(fields) {
    return this._caller.pages('/v1/billing/topups', fields);
  }

  transactions(fields) {
    return this._caller.pages('/v1/billing/transactions', fields);
  }
}

class CampaignsCalls extends Resource {
  cancel(id) {
    return this._caller.call('POST', `/v1/campaigns/${this._part(id)}/cancel`);
  }

  create(fields, options) {
    return this._caller.call('POST', '/v1/campaigns', fields, { ...options, keyed: true });
  }

  delete(id) {
    return this._caller.call('DELETE', `/v1/campaigns/${this._part(id)}`);
  }

  estimate(id) {
    return this._caller.call('POST', `/v1/campaigns/${this._part(id)}/estimate`);
  }

  get(id) {
    return this._caller.call('GET', `/v1/campaigns/${this._part(id)}`);
  }

  list(fields) {
    return this._caller.pages('/v1/campaigns', fields);
  }

  pause(id) {
    return this._caller.call('POST', `/v1/campaigns/${this._part(id)}/pause`);
  }

  recipients(id, fields) {
    return this._caller.pages(`/v1/campaigns/${this._part(id)}/recipients`, fields);
  }

  resume(id) {
    return this._caller.call('POST', `/v1/campaigns/${this._part(id)}/resume`);
  }

  send(id, options) {
    return this._caller.call('POST', `/v1/campaigns/${this._part(id)}/send`, {}, { ...options, keyed: true });
  }

  update(id, fields) {
    return this._caller.call('PATCH', `/v1/campaigns/${this._part(id)}`, fields);
  }
}

class ContactsCalls extends Resource {
  create(fields) {
    return this._caller.call('POST', '/v1/contacts', fields);
  }

  delete(id) {
    return this._caller.call('DELETE', `/v1/contacts/${this._part(id)}`);
  }

  get(id) {
    return this._caller.call('GET', `/v1/contacts/${this._part(id)}`);
  }

  importMany(fields, options) {
    return this._caller.call('POST', '/v1/contacts/import', fields, { ...options, keyed: true });
  }

  list(fields) {
    return this._caller.pages('/v1/contacts', fields);
  }

  update(id, fields) {
    return this._caller.call('PATCH', `/v1/contacts/${this._part(id)}`, fields);
  }
}

class HealthCalls extends Resource {
  get() {
    return this._caller.call('GET', '/v1/health');
  }
}

class InboundCalls extends Resource {
  get(id) {
    return this._caller.call('GET', `/v1/inbound/${this._part(id)}`);
  }

  list(fields) {
    return this._caller.pages('/v1/inbound', fields);
  }
}

class ListsCalls extends Resource {
  create(fields, options) {
    return this._caller.call('POST', '/v1/contacts/lists', fields, { ...options, keyed: true });
  }

  get(id) {
    return this._caller.call('GET', `/v1/contacts/lists/${this._part(id)}`);
  }

  list() {
    return this._caller.pages('/v1/contacts/lists');
  }
}

class MessagesCalls extends Resource {
  bulk(fields, options) {
    return this._caller.call('POST', '/v1/messages/bulk', fields, { ...options, keyed: true });
  }

  cancel(id) {
    return this._caller.call('POST', `/v1/messages/${this._part(id)}/cancel`);
  }

  get(id) {
    return this._caller.call('GET', `/v1/messages/${this._part(id)}`);
  }

  list(fields) {
    return this._caller.pages('/v1/messages', fields);
  }

  send(fields, options) {
    return this._caller.call('POST', '/v1/messages', fields, { ...options, keyed: true });
  }
}

class OptoutsCalls extends Resource {
  create(fields) {
    return this._caller.call('POST', '/v1/optouts', fields);
  }

  delete(phone) {
    return this._caller.call('DELETE', `/v1/optouts/${this._part(phone)}`);
  }

  list(fields) {
    return this._caller.pages('/v1/optouts', fields);
  }
}

class SandboxCalls extends Resource {
  inbound(fields) {
    return this._caller.call('POST', '/v1/sandbox/inbound', fields);
  }
}

class TemplatesCalls extends Resource {
  create(fields, options) {
    return this._caller.call('POST', '/v1/templates', fields, { ...options, keyed: true });
  }

  delete(id) {
    return this._caller.call('DELETE', `/v1/templates/${this._part(id)}`);
  }

  get(id) {
    return this._caller.call('GET', `/v1/templates/${this._part(id)}`);
  }

  list(fields) {
    return this._caller.pages('/v1/templates', fields);
  }

  preview(id, fields) {
    return this._caller.call('POST', `/v1/templates/${this._part(id)}/preview`, fields);
  }

  submit(id) {
    return this._caller.call('POST', `/v1/templates/${this._part(id)}/submit`);
  }

  update(id, fields) {
    return this._caller.call('PATCH', `/v1/templates/${this._part(id)}`, fields);
  }
}

class VerifyCalls extends Resource {
  check(fields) {
    return this._caller.call('POST', '/v1/verify/check', fields);
  }

  lookup(fields) {
    return this._caller.call('POST', '/v1/verify/lookup', fields);
  }

  send(fields, options) {
    return this._caller.call('POST', '/v1/verify/send', fields, { ...options, keyed: true });
  }

  status(id) {
    return this._caller.call('GET', `/v1/verify/${this._part(id)}`);
  }
}

class WebhooksCalls extends Resource {
  create(fields) {
    return this._caller.call('POST', '/v1/webhooks', fields);
  }

  delete(id) {
    return this._caller.call('DELETE', `/v1/webhooks/${this._part(id)}`);
  }

  deliveries(id, fields) {
    return this._caller.pages(`/v1/webhooks/${this._part(id)}/deliveries`, fields);
  }

  delivery(id, eventId) {
    return this._caller.call('GET', `/v1/webhooks/${this._part(id)}/deliveries/${this._part(eventId)}`);
  }

  get(id) {
    return this._caller.call('GET', `/v1/webhooks/${this._part(id)}`);
  }

  list() {
    return this._caller.pages('/v1/webhooks');
  }

  replay(id, fields) {
    return this._caller.call('POST', `/v1/webhooks/${this._part(id)}/replay`, fields);
  }

  replayDelivery(id, eventId) {
    return this._caller.call('POST', `/v1/webhooks/${this._part(id)}/deliveries/${this._part(eventId)}/replay`);
  }

  rotate(id, fields) {
    return this._caller.call('POST', `/v1/webhooks/${this._part(id)}/rotate`, fields);
  }

  test(id) {
    return this._caller.call('POST', `/v1/webhooks/${this._part(id)}/test`);
  }

  update(id, fields) {
    return this._caller.call('PATCH', `/v1/webhooks/${this._part(id)}`, fields);
  }
}

exports.resources = (caller) => ({
  account: new AccountCalls(caller),
  analytics: new AnalyticsCalls(caller),
  apiKeys: new ApiKeysCalls(caller),
  balance: new BalanceCalls(caller),
  billing: new BillingCalls(caller),
  campaigns: new CampaignsCalls(caller),
  contacts: new ContactsCalls(caller),
  health: new HealthCalls(caller),
  inbound: new InboundCalls(caller),
  lists: new ListsCalls(caller),
  messages: new MessagesCalls(caller),
  optouts: new OptoutsCalls(caller),
  sandbox: new SandboxCalls(caller),
  templates: new TemplatesCalls(caller),
  verify: new VerifyCalls(caller),
  webhooks: new WebhooksCalls(caller),
});
