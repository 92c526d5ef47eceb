// Types of all calls. Drawn from the OpenAPI document; do not change by hand.
import { CallOptions, Page } from '../lib/types';

export interface Account {
  success: boolean;
  id: string;
  name: string;
  plan: string;
  currency: string;
  country: string;
  language: string;
  time_zone: string;
  channels: string[];
  mode: string;
  status?: string;
  allowed_countries?: string[];
  default_sender?: string;
  permissions?: string[];
  /** Requests per minute; 0 for no limit. */
  rate_limit?: number;
  /** With the permission balance or billing. */
  balance_mad?: number;
  /** With the permission balance or billing. */
  balance_eur?: number;
  /** SMS segments home that the balance pays for. */
  credits_remaining?: number | null;
}

/** `client.account` */
export declare class AccountCalls {
  /** Get the account. The account and what this key may do; its money only for a key that may see it. */
  get(): Promise<Account>;
}

export interface AnalyticsSummary {
  /** Messages accepted. */
  total: number;
  delivered: number;
  failed: number;
  in_progress: number;
  /** Percent of total. */
  delivery_rate: number;
  segments: number;
  /** What was charged and not given back. */
  cost_eur: number;
  cost_mad: number;
  undeliverable?: number;
  expired?: number;
  cancelled?: number;
  refunded_eur?: number;
  refunded_mad?: number;
}

export interface AnalyticsLatency {
  /** From acceptance to delivery. */
  p50_seconds: number | null;
  p95_seconds: number | null;
}

export interface AnalyticsChannel {
  /** Messages accepted. */
  total: number;
  delivered: number;
  failed: number;
  in_progress: number;
  /** Percent of total. */
  delivery_rate: number;
  segments: number;
  /** What was charged and not given back. */
  cost_eur: number;
  cost_mad: number;
  channel?: string;
  undeliverable?: number;
  expired?: number;
  cancelled?: number;
  refunded_eur?: number;
  refunded_mad?: number;
}

export interface AnalyticsDaily {
  /** Messages accepted. */
  total: number;
  delivered: number;
  failed: number;
  in_progress: number;
  /** Percent of total. */
  delivery_rate: number;
  segments: number;
  /** What was charged and not given back. */
  cost_eur: number;
  cost_mad: number;
  date?: string;
  undeliverable?: number;
  expired?: number;
  cancelled?: number;
  refunded_eur?: number;
  refunded_mad?: number;
}

export interface AnalyticsFailure {
  code: string | null;
  total: number;
  message?: string | null;
  retryable?: boolean | null;
  who_pays?: string | null;
}

export interface AnalyticsGroup {
  total: number;
}

export interface Analytics {
  window_days: number;
  summary: AnalyticsSummary;
  latency: AnalyticsLatency;
  channels: AnalyticsChannel[];
  daily: AnalyticsDaily[];
  failures: AnalyticsFailure[];
  from_date?: string;
  to_date?: string;
  time_zone?: string;
  group_by?: string;
  /** Each has the name of the dimension, and the figures of the summary. */
  groups?: AnalyticsGroup[];
  groups_capped?: boolean;
}

export interface AnalyticsGetFields {
  /** The last days, today among them, in the account's time zone. */
  days?: number;
  /** Adds `groups`, at most 100. */
  group_by?: 'campaign' | 'channel' | 'country' | 'day' | 'key' | 'reason' | 'sender' | 'status';
}

/** `client.analytics` */
export declare class AnalyticsCalls {
  /** Get analytics. Messages by the day they were accepted, and what became of them; a few seconds behind. */
  get(fields?: AnalyticsGetFields): Promise<Analytics>;
}

export interface ApiKey {
  id: string;
  name: string;
  key_prefix: string;
  mode: string;
  compat: string;
  /** JSON text for keys of document A. */
  permissions: string[] | string;
  ip_whitelist: string[];
  rate_limit: number;
  /** 1 or 0 for keys of document A. */
  active: boolean | number;
  last_used_at?: string | null;
  expires_at?: string | null;
  created_at?: string;
}

export interface NewApiKey {
  id: string;
  name: string;
  key_prefix: string;
  /** The full key, shown this once. */
  api_key: string;
  permissions: string[];
  ip_whitelist: string[];
  rate_limit: number;
  warning: string;
}

export interface ApiKeyUpdate {
  updated: boolean;
  id: string;
}

export interface ApiKeyDelete {
  revoked: boolean;
  id: string;
}

export interface ApiKeysCreateFields {
  name?: string;
  permissions?: ('send' | 'verify' | 'status' | 'balance' | 'contacts' | 'campaigns' | 'webhooks' | 'billing' | 'analytics' | 'api_keys' | 'optouts')[];
  ip_whitelist?: string[];
  rate_limit?: number;
}

export interface ApiKeysUpdateFields {
  name?: string;
  permissions?: ('send' | 'verify' | 'status' | 'balance' | 'contacts' | 'campaigns' | 'webhooks' | 'billing' | 'analytics' | 'api_keys' | 'optouts')[];
  ip_whitelist?: string[];
  rate_limit?: number;
  active?: boolean;
}

/** `client.apiKeys` */
export declare class ApiKeysCalls {
  /** Create an API key. Makes a key and returns its full text, once. */
  create(fields?: ApiKeysCreateFields): Promise<NewApiKey>;
  /** Revoke an API key. Ends a key for good, within five seconds. */
  delete(id: string): Promise<ApiKeyDelete>;
  /** List API keys. All keys, active or revoked, newest first; never a full key. */
  list(): Promise<Page<ApiKey>>;
  /** Change an API key. Changes what the body names. It acts within five seconds. */
  update(id: string, fields?: ApiKeysUpdateFields): Promise<ApiKeyUpdate>;
}

export interface Balance {
  balance_mad: number;
  currency: string;
  plan: string;
  /** Not for keys of document B. */
  balance_eur?: number;
  /** Set aside for campaigns; absent if nothing is. */
  held?: number;
}

/** `client.balance` */
export declare class BalanceCalls {
  /** Get the balance. In both currencies, the other one at the present rate; document B knows MAD only. `held` is set aside for campaigns, in the account's currency, and not part of the balance; absent if nothing is. */
  get(): Promise<Balance>;
}

export interface BillingBalance {
  balance_mad: number;
  currency: string;
  plan: string;
  /** Not for keys of document B. */
  balance_eur?: number;
  /** Set aside for campaigns; absent if nothing is. */
  held?: number;
}

export interface Price {
  plan: string;
  channel: string;
  country: string;
  price_eur: number;
  price_mad: number;
}

export interface TopUpDue {
  amount: number;
  currency: string;
}

export interface TopUpTransfer {
  /** What the bank transfer has to name. */
  reference: string;
  account_holder?: string;
  bank?: string;
  rib?: string;
  iban?: string;
  bic?: string;
}

export interface TopUp {
  id: string;
  status: string;
  amount_eur: number;
  amount_mad: number;
  /** Where the payer pays, and comes back to. */
  checkout_url: string;
  mode?: string;
  payment_method?: string;
  /** The gateway's own address, where it has one. */
  payment_url?: string | null;
  /** What the account is booked in. */
  currency?: string;
  due?: TopUpDue;
  /** What the balance grew by, in currency. */
  booked_amount?: number | null;
  /** declined or expired. */
  failure?: string | null;
  transfer?: TopUpTransfer;
  created_at?: string;
  expires_at?: string | null;
  paid_at?: string | null;
}

export interface Transaction {
  id: string;
  /** Gapless in the account. */
  seq: number;
  type: string;
  /** Signed: what the balance changed by. */
  amount_mad: number;
  /** The same in EUR, at the rate of the entry. */
  amount_eur: number;
  /** In the account's currency. */
  balance_after: number;
  currency: string;
  created_at: string;
  mad_per_eur?: number;
  reason?: string;
  message_id?: string;
  batch_id?: string;
  campaign_id?: string;
  topup_id?: string;
}

export interface BillingCreateTopupFields {
  /** At least 10, with two decimals. This or amount_mad is required. */
  amount_eur?: number;
  /** Instead of amount_eur; at least what 10 EUR are. */
  amount_mad?: number;
  /** stripe, cmi or bank_transfer, as far as the operator has configured them. */
  payment_method?: string;
}

export interface BillingPlansFields {
  /** ISO 3166-1 alpha-2, or `all`; else the account's own country. */
  country?: string;
}

export interface BillingTopupsFields {
  /** next_cursor of the page before. */
  cursor?: string;
  /** Rows of a page. */
  limit?: number;
  /** Rows to skip; not together with cursor. */
  offset?: number;
}

export interface BillingTransactionsFields {
  /** next_cursor of the page before. */
  cursor?: string;
  /** Rows of a page. */
  limit?: number;
  /** Rows to skip; not together with cursor. */
  offset?: number;
}

/** `client.billing` */
export declare class BillingCalls {
  /** Get the balance. In both currencies, the other one at the present rate; document B knows MAD only. `held` is set aside for campaigns, in the account's currency, and not part of the balance; absent if nothing is. */
  balance(): Promise<BillingBalance>;
  /** Create a top-up. A pending top-up; send the payer to `checkout_url`. The balance grows when the bank says that it was paid. */
  createTopup(fields?: BillingCreateTopupFields, options?: CallOptions): Promise<TopUp>;
  /** List plan prices. One row per plan and channel, for one country or all. */
  plans(fields?: BillingPlansFields): Promise<Page<Price>>;
  /** Get a top-up. Its `status` is `pending`, `paid` or `failed`; a payment that comes after `failed` still makes it `paid`. */
  topup(id: string): Promise<TopUp>;
  /** List top-ups. Newest first, those that an operator booked included. */
  topups(fields?: BillingTopupsFields): Promise<Page<TopUp>>;
  /** List transactions. Usage, top-ups, refunds and adjustments. `seq` has no gaps; `balance_after` can be added up again. */
  transactions(fields?: BillingTransactionsFields): Promise<Page<Transaction>>;
}

export interface Campaign {
  id: string;
  /** Its integer id, counted in the account. */
  number: number;
  name: string;
  channel: string;
  list_id: string | null;
  template_id: string | null;
  body: string | null;
  sender_id: string | null;
  /** For the channel whatsapp. */
  buttons: Record<string, unknown>[] | null;
  /** Your own facts, kept with every message. `throttling` is the pace: N_sec, N_min or N_hour. */
  metadata: Record<string, unknown> | null;
  status: string;
  /** Why it failed: an error code. */
  reason: string | null;
  reason_detail: string | null;
  scheduled_at: string | null;
  started_at: string | null;
  ended_at: string | null;
  created_at: string;
  /** Recipients, skipped ones included; 0 until it is sent. */
  total_count: number;
}

export interface CampaignCost {
  eur: number;
  mad: number;
}

export interface CampaignDetail {
  id: string;
  /** Its integer id, counted in the account. */
  number: number;
  name: string;
  channel: string;
  list_id: string | null;
  template_id: string | null;
  body: string | null;
  sender_id: string | null;
  /** For the channel whatsapp. */
  buttons: Record<string, unknown>[] | null;
  /** Your own facts, kept with every message. `throttling` is the pace: N_sec, N_min or N_hour. */
  metadata: Record<string, unknown> | null;
  status: string;
  /** Why it failed: an error code. */
  reason: string | null;
  reason_detail: string | null;
  scheduled_at: string | null;
  started_at: string | null;
  ended_at: string | null;
  created_at: string;
  /** Recipients, skipped ones included; 0 until it is sent. */
  total_count: number;
  /** Messages that carriers took. */
  sent_count: number;
  queued: number;
  delivered: number;
  undeliverable: number;
  failed: number;
  expired: number;
  cancelled: number;
  pending: number;
  skipped: number;
  /** By error code, such as OPTED_OUT. */
  skipped_by_reason: Record<string, unknown>;
  segments: number;
  cost: CampaignCost;
  /** Still set aside, in the account's currency. */
  held: number;
  /** Of messages made so far, in the account's currency. */
  charged: number;
  /** Given back for messages, in the account's currency. */
  refunded: number;
  /** Messages per second since the start, while it runs. */
  rate: number | null;
  eta: string | null;
}

export interface CampaignDelete {
  deleted: boolean;
  id: string;
}

export interface CampaignEstimate {
  id: string;
  total: number;
  recipients: number;
  skipped: number;
  /** By error code, such as OPTED_OUT. */
  skipped_by_reason: Record<string, unknown>;
  segments: number;
  cost: CampaignCost;
  /** In the account's currency, credit limit included. */
  balance_after: number;
  affordable: boolean;
  /** False when only the first 20,000 members were looked at. */
  exact: boolean;
}

export interface CampaignRecipients {
  number: number;
  phone: string;
  /** pending, skipped, or the status of the message. */
  status: string;
  /** Why it was skipped or failed: a stable code. */
  reason: string | null;
  message_id: string | null;
  segments: number;
  variables: Record<string, unknown> | null;
}

export interface CampaignSend {
  id: string;
  /** Recipients that get a message. */
  queued: number;
  /** Members of the list. */
  total: number;
  status: string;
  number: number;
  skipped: number;
  /** The recipients of a great list are still being counted; `queued` grows until they are. */
  preparing: boolean;
  segments: number;
  cost: CampaignCost;
}

export interface CampaignsCreateFields {
  name: string;
  channel?: 'sms' | 'whatsapp' | 'telegram';
  list_id?: string | null;
  /** An approved template, in place of body. */
  template_id?: string | null;
  /** May hold {{name}}, {{phone}}, {{email}}, {{custom1}}, {{custom2}} and {{custom3}}. */
  body?: string;
  sender_id?: string;
  /** ISO 8601; without an offset by the clock of the account's time zone. */
  scheduled_at?: string | null;
  /** For the channel whatsapp. */
  buttons?: Record<string, unknown>[] | null;
  /** Your own facts, kept with every message. `throttling` is the pace: N_sec, N_min or N_hour. */
  metadata?: Record<string, unknown> | null;
}

export interface CampaignsListFields {
  /** next_cursor of the page before. */
  cursor?: string;
  /** Rows of a page. */
  limit?: number;
  /** Rows to skip; not together with cursor. */
  offset?: number;
  /** Only these. */
  status?: 'draft' | 'scheduled' | 'running' | 'paused' | 'completed' | 'cancelled' | 'failed';
}

export interface CampaignsRecipientsFields {
  /** next_cursor of the page before. */
  cursor?: string;
  /** Rows of a page. */
  limit?: number;
  /** Rows to skip; not together with cursor. */
  offset?: number;
  /** Only those who get no message, or only the others. */
  skipped?: boolean;
}

export interface CampaignsUpdateFields {
  name?: string;
  channel?: 'sms' | 'whatsapp' | 'telegram';
  list_id?: string | null;
  /** An approved template, in place of body. */
  template_id?: string | null;
  /** May hold {{name}}, {{phone}}, {{email}}, {{custom1}}, {{custom2}} and {{custom3}}. */
  body?: string;
  sender_id?: string;
  /** ISO 8601; without an offset by the clock of the account's time zone. */
  scheduled_at?: string | null;
  /** For the channel whatsapp. */
  buttons?: Record<string, unknown>[] | null;
  /** Your own facts, kept with every message. `throttling` is the pace: N_sec, N_min or N_hour. */
  metadata?: Record<string, unknown> | null;
}

/** `client.campaigns` */
export declare class CampaignsCalls {
  /** Cancel a campaign. What no carrier has yet is cancelled and refunded, and the rest of the held money is released. */
  cancel(id: string): Promise<CampaignDetail>;
  /** Create a campaign. A draft; with `scheduled_at` it is sent at that time by itself. */
  create(fields: CampaignsCreateFields, options?: CallOptions): Promise<Campaign>;
  /** Delete a campaign. Only what was never sent. */
  delete(id: string): Promise<CampaignDelete>;
  /** Estimate a campaign. What sending it now would cost, and whom it would skip; nothing is written. */
  estimate(id: string): Promise<CampaignEstimate>;
  /** Get a campaign. One campaign and its counters, which are sums over its messages. */
  get(id: string): Promise<CampaignDetail>;
  /** List campaigns. Newest first. Counters are in the single campaign. */
  list(fields?: CampaignsListFields): Promise<Page<Campaign>>;
  /** Pause a campaign. From the answer on, nothing more is given to carriers. */
  pause(id: string): Promise<CampaignDetail>;
  /** List the recipients of a campaign. Those who were frozen when sending began, last first, each with what became of the message. */
  recipients(id: string, fields?: CampaignsRecipientsFields): Promise<Page<CampaignRecipients>>;
  /** Resume a campaign. Goes on where it was paused; nobody gets it twice. */
  resume(id: string): Promise<CampaignDetail>;
  /** Send a campaign. Sends to all members of the list who have not opted out; the money for all of them is held first, or nothing is sent. A second time is 409 INVALID_STATE. */
  send(id: string, options?: CallOptions): Promise<CampaignSend>;
  /** Change a campaign. Changes what the body names, until the campaign is sent. `scheduled_at: null` makes it a draft again. */
  update(id: string, fields?: CampaignsUpdateFields): Promise<CampaignDetail>;
}

export interface Contact {
  id: string;
  phone: string;
  name: string | null;
  email: string | null;
  custom1: string | null;
  custom2: string | null;
  custom3: string | null;
  opted_out: boolean;
  created_at: string;
}

export interface ContactInputCustomFields {
  custom1?: string | null;
  custom2?: string | null;
  custom3?: string | null;
}

export interface ContactInputContact {
  /** E.164, or as dialled in the account's country. */
  phone?: string;
  name?: string | null;
  /** Kept as it is given; nothing is sent to it. */
  email?: string | null;
  custom_fields?: ContactInputCustomFields | null;
}

export interface ContactImportError {
  index: number;
  reason: string;
  message: string;
}

export interface ContactImport {
  /** Contacts made or completed. */
  imported: number;
  /** Items that are no contact of their own. */
  skipped: number;
  /** Why each was skipped; not for keys of documents A and B. */
  errors?: ContactImportError[];
}

export interface ContactDetail {
  id: string;
  phone: string;
  name: string | null;
  email: string | null;
  custom1: string | null;
  custom2: string | null;
  custom3: string | null;
  opted_out: boolean;
  created_at: string;
  list_ids: string[];
}

export interface ContactDelete {
  deleted: boolean;
  id: string;
}

export interface ContactsCreateFields {
  /** E.164, or as dialled in the account's country. */
  phone: string;
  name?: string | null;
  /** Kept as it is given; nothing is sent to it. */
  email?: string | null;
  custom_fields?: ContactInputCustomFields | null;
  /** A list that the contact is put into. */
  list_id?: string | null;
}

export interface ContactsImportManyFields {
  contacts: ContactInputContact[];
  /** A list that the contact is put into. */
  list_id?: string | null;
}

export interface ContactsListFields {
  /** next_cursor of the page before. */
  cursor?: string;
  /** Rows of a page. */
  limit?: number;
  /** Members of this list only. */
  list_id?: string;
  /** Rows to skip; not together with cursor. */
  offset?: number;
  /** The beginning of a number, a word of a name, or an e-mail address. */
  q?: string;
}

export interface ContactsUpdateFields {
  name?: string | null;
  /** Kept as it is given; nothing is sent to it. */
  email?: string | null;
  custom_fields?: ContactInputCustomFields | null;
  /** A list that the contact is put into. */
  list_id?: string | null;
}

/** `client.contacts` */
export declare class ContactsCalls {
  /** Create or update a contact. One contact per number: a known one is completed by what the body gives. `""` empties a field. */
  create(fields: ContactsCreateFields): Promise<Contact>;
  /** Delete a contact. Deletes a contact for good. An opt-out of its number stays. */
  delete(id: string): Promise<ContactDelete>;
  /** Get a contact. One contact, with the lists it is in. */
  get(id: string): Promise<ContactDetail>;
  /** Import contacts. Up to 5,000 at once, into a list if one is named. An item that is wrong is skipped alone. */
  importMany(fields: ContactsImportManyFields, options?: CallOptions): Promise<ContactImport>;
  /** List contacts. Newest first, all of them or those that `q` and `list_id` leave. */
  list(fields?: ContactsListFields): Promise<Page<Contact>>;
  /** Change a contact. Changes what the body names; null or `""` empties a field. The number stays: it is whom the contact is. */
  update(id: string, fields?: ContactsUpdateFields): Promise<ContactDetail>;
}

export interface Health {
  status: string;
  service: string;
  version: string;
  time: string;
  database?: string;
  redis?: string;
  queue?: Record<string, unknown>;
}

/** `client.health` */
export declare class HealthCalls {
  /** Health check. */
  get(): Promise<Health>;
}

export interface Inbound {
  id: string;
  /** Who wrote. */
  from: string;
  /** The number they wrote to. */
  to: string;
  channel: string;
  /** Empty once its days are over. */
  text: string;
  status: string;
  parts: number;
  /** Parts of a long text that never came; […] stands in their place. */
  parts_missing: number;
  /** What the text says as a whole: stop, start, help. */
  keyword: string | null;
  /** opted_out or opted_in, where the text changed that. */
  effect: string | null;
  /** The last message sent to this number within 30 days. */
  reply_to: string | null;
  received_at: string;
}

export interface InboundListFields {
  channel?: 'sms' | 'whatsapp';
  /** next_cursor of the page before. */
  cursor?: string;
  /** Who wrote, E.164. */
  from?: string;
  /** ISO 8601, included. */
  from_date?: string;
  keyword?: 'help' | 'start' | 'stop';
  /** Rows of a page. */
  limit?: number;
  /** Rows to skip; not together with cursor. */
  offset?: number;
  /** The number they wrote to, as it is shown. */
  to?: string;
  /** ISO 8601, included. */
  to_date?: string;
}

/** `client.inbound` */
export declare class InboundCalls {
  /** Get an inbound message. One inbound message. */
  get(id: string): Promise<Inbound>;
  /** List inbound messages. Newest first. */
  list(fields?: InboundListFields): Promise<Page<Inbound>>;
}

export interface ContactList {
  id: string;
  name: string;
  description: string | null;
  count: number;
  created_at: string;
}

export interface ListsCreateFields {
  name: string;
  description?: string | null;
}

/** `client.lists` */
export declare class ListsCalls {
  /** Create a contact list. A new, empty list. */
  create(fields: ListsCreateFields, options?: CallOptions): Promise<ContactList>;
  /** Get a contact list. One list. */
  get(id: string): Promise<ContactList>;
  /** List contact lists. All of them, newest first; `count` is of their members. */
  list(): Promise<Page<ContactList>>;
}

export interface MessageCost {
  eur: number;
  mad: number;
}

export interface Message {
  id: string;
  message_id: string;
  to: string;
  channel: string;
  body: string;
  status: string;
  segments: number;
  created_at: string;
  account_id?: string;
  api_key_id?: string | null;
  campaign_id?: string | null;
  batch_id?: string | null;
  from?: string;
  sender_id?: string;
  cascade?: boolean;
  message?: string;
  /** False while the carrier's answer is lost and no receipt has settled it. */
  confirmed?: boolean;
  error_code?: string | null;
  encoding?: string;
  unicode?: number;
  cost?: MessageCost;
  cost_eur?: number;
  cost_mad?: number;
  /** The price went back to the balance. */
  refunded?: boolean;
  /** JSON text for keys of document B. */
  metadata?: Record<string, unknown> | string | null;
  scheduled_at?: string | null;
  sent_at?: string | null;
  delivered_at?: string | null;
  final_at?: string | null;
}

export interface AcceptedMessage {
  success: boolean;
  id: string | null;
  message_id: string | null;
  status: string;
  to?: string;
  from?: string;
  channel?: string;
  cascade?: boolean;
  cost?: MessageCost;
  segments?: number;
  encoding?: string;
  /** The characters that made the text Unicode. */
  unicode_characters?: string[];
  credits_used?: number;
  credits_remaining?: number | null;
  created_at?: string;
  scheduled_at?: string;
  truncated?: boolean;
  duplicate_suspected?: boolean;
}

export interface AcceptedBatchMessageError {
  code?: string;
  message?: string;
}

export interface AcceptedBatchMessage {
  id: string | null;
  to: string;
  status: string;
  duplicate_suspected?: boolean;
  error?: AcceptedBatchMessageError;
}

export interface AcceptedBatch {
  success: boolean;
  batch_id: string;
  total: number;
  accepted: number;
  rejected: number;
  estimated_cost: MessageCost;
  messages: AcceptedBatchMessage[];
  id?: string | null;
  message_id?: string | null;
  channel?: string;
  status?: string;
  cost?: MessageCost;
  segments?: number;
  credits_used?: number;
  credits_remaining?: number | null;
  created_at?: string;
}

export interface MessageInputMessage {
  to: string;
  /** At most 1600 characters after control characters are removed. */
  message?: string;
  /** What the template's {{names}} stand for. */
  variables?: Record<string, unknown>;
  /** Kept with the message, told in webhooks. */
  metadata?: Record<string, unknown>;
  from?: string;
}

export interface MessageError {
  /** A stable reason, such as UNREACHABLE. */
  code: string;
  /** The reason in the reader's language: Accept-Language, else the account's. */
  message: string | null;
  /** What to do about it. */
  advice: string | null;
  /** The same message sent again later may arrive. */
  retryable: boolean | null;
  /** customer or nobody. */
  who_pays: string | null;
  /** The carrier's own code. */
  carrier_code: string | null;
}

export interface MessageTimeline {
  at: string;
  event: string;
}

export interface MessageDetail {
  id: string;
  message_id: string;
  to: string;
  channel: string;
  body: string;
  status: string;
  segments: number;
  created_at: string;
  account_id?: string;
  api_key_id?: string | null;
  campaign_id?: string | null;
  batch_id?: string | null;
  from?: string;
  sender_id?: string;
  cascade?: boolean;
  message?: string;
  /** False while the carrier's answer is lost and no receipt has settled it. */
  confirmed?: boolean;
  error_code?: string | null;
  encoding?: string;
  unicode?: number;
  cost?: MessageCost;
  cost_eur?: number;
  cost_mad?: number;
  /** The price went back to the balance. */
  refunded?: boolean;
  /** JSON text for keys of document B. */
  metadata?: Record<string, unknown> | string | null;
  scheduled_at?: string | null;
  sent_at?: string | null;
  delivered_at?: string | null;
  final_at?: string | null;
  upstream_id?: string | null;
  error?: MessageError | null;
  timeline?: MessageTimeline[];
}

export interface MessagesBulkFields {
  messages: MessageInputMessage[];
  /** An approved template that gives the text, in place of message. A test key may use any of its own. */
  template_id?: string;
  /** For all items; an item's own variables go first. */
  variables?: Record<string, unknown>;
  from?: string;
  channel?: 'sms' | 'whatsapp' | 'telegram';
  scheduled_at?: string;
  /** Refuse all when one item is refused. */
  atomic?: boolean;
}

export interface MessagesListFields {
  channel?: 'sms' | 'telegram' | 'whatsapp';
  /** next_cursor of the page before. */
  cursor?: string;
  /** ISO 8601, included. */
  from_date?: string;
  /** 1 to 200, 50 without it. */
  limit?: number;
  offset?: number;
  /** queued, sent, delivered, failed, undeliverable, expired, cancelled … */
  status?: string;
  /** The recipient, E.164. */
  to?: string;
  /** ISO 8601, included. */
  to_date?: string;
}

export interface MessagesSendFields {
  /** E.164, or as dialled in the account's country; a list for the same text to many. */
  to: string | string[];
  /** At most 1600 characters after control characters are removed. */
  message: string;
  /** An approved template that gives the text, in place of message. A test key may use any of its own. */
  template_id?: string;
  /** What the template's {{names}} stand for. */
  variables?: Record<string, unknown>;
  /** Sender id; the account's default without it. */
  from?: string;
  channel?: 'sms' | 'whatsapp' | 'telegram';
  cascade?: boolean;
  /** Kept with the message, told in webhooks. */
  metadata?: Record<string, unknown>;
  /** Interactive buttons, for whatsapp. */
  buttons?: Record<string, unknown>[];
  scheduled_at?: string;
  /** Told of this message's states. */
  callback_url?: string;
  /** Cut a longer text instead of refusing it. */
  truncate?: boolean;
}

/** `client.messages` */
export declare class MessagesCalls {
  /** Send a batch. Queues up to 10,000 messages. Refused as a whole when the balance is short. */
  bulk(fields: MessagesBulkFields, options?: CallOptions): Promise<AcceptedBatch>;
  /** Cancel a message. Stops a message that is not yet with a carrier, and gives its price back. */
  cancel(id: string): Promise<MessageDetail>;
  /** Get a message. One message with everything that happened to it. */
  get(id: string): Promise<MessageDetail>;
  /** List messages. Newest first. */
  list(fields?: MessagesListFields): Promise<Page<Message>>;
  /** Send a message. Queues one message, or the same text to a list of numbers. */
  send(fields: MessagesSendFields, options?: CallOptions): Promise<AcceptedMessage | AcceptedBatch>;
}

export interface OptOut {
  phone: string;
  opted_out_at: string;
  source: string;
}

export interface OptOutCreate {
  phone: string;
  opted_out: boolean;
}

export interface OptoutsCreateFields {
  /** E.164, or as dialled in the account's country. */
  phone: string;
}

export interface OptoutsListFields {
  /** next_cursor of the page before. */
  cursor?: string;
  /** Rows of a page. */
  limit?: number;
  /** Rows to skip; not together with cursor. */
  offset?: number;
}

/** `client.optouts` */
export declare class OptoutsCalls {
  /** Create an opt-out. From now on nothing is sent to the number, not even what waits already. The contact with this number shows it. */
  create(fields: OptoutsCreateFields): Promise<OptOutCreate>;
  /** Remove an opt-out. The number may be written to again. Harmless to repeat. */
  delete(phone: string): Promise<OptOutCreate>;
  /** List opt-outs. Newest first, however they came about. */
  list(fields?: OptoutsListFields): Promise<Page<OptOut>>;
}

export interface SandboxInbound {
  accepted: boolean;
}

export interface SandboxInboundFields {
  /** Who writes. */
  from: string;
  /** The number or sender id written to. */
  to: string;
  text: string;
  channel?: 'sms' | 'whatsapp';
}

/** `client.sandbox` */
export declare class SandboxCalls {
  /** Play an inbound message. For test keys: as if somebody wrote this to a number of the account. Keywords count, webhooks are told. */
  inbound(fields: SandboxInboundFields): Promise<SandboxInbound>;
}

export interface Template {
  id: string;
  name: string;
  channel: string;
  category: string;
  language: string;
  /** Of the newest version. */
  status: string;
  version: number;
  /** The newest text. */
  body: string;
  variables: string[];
  approved_version: number | null;
  /** The text that live keys send. */
  approved_body: string | null;
  created_at: string;
  /** Why the newest version was rejected. */
  reason?: string | null;
  provider_name?: string | null;
  provider_language?: string | null;
  provider_status?: string | null;
  submitted_at?: string | null;
  decided_at?: string | null;
}

export interface TemplateCreateVersion {
  version: number;
  status: string;
  reason: string | null;
  body: string;
  created_at: string;
  submitted_at: string | null;
  decided_at: string | null;
}

export interface TemplateCreate {
  id: string;
  name: string;
  channel: string;
  category: string;
  language: string;
  /** Of the newest version. */
  status: string;
  version: number;
  /** The newest text. */
  body: string;
  variables: string[];
  approved_version: number | null;
  /** The text that live keys send. */
  approved_body: string | null;
  created_at: string;
  /** Why the newest version was rejected. */
  reason?: string | null;
  provider_name?: string | null;
  provider_language?: string | null;
  provider_status?: string | null;
  submitted_at?: string | null;
  decided_at?: string | null;
  versions?: TemplateCreateVersion[];
}

export interface TemplateDelete {
  deleted: boolean;
  id: string;
}

export interface TemplatePreview {
  /** Variables without a value stay as they are. */
  text: string;
  missing: string[];
  characters: number;
  too_long: boolean;
  encoding: string;
  segments: number;
  unicode_characters: string[];
}

export interface TemplatesCreateFields {
  /** Once per account. */
  name: string;
  /** Words in double braces are filled when it is sent. */
  body: string;
  channel?: 'sms' | 'whatsapp' | 'telegram';
  category?: 'transactional' | 'marketing' | 'otp';
  /** Of the text. */
  language?: string;
}

export interface TemplatesListFields {
  category?: 'marketing' | 'otp' | 'transactional';
  channel?: 'sms' | 'telegram' | 'whatsapp';
  /** next_cursor of the page before. */
  cursor?: string;
  /** Rows of a page. */
  limit?: number;
  /** Rows to skip; not together with cursor. */
  offset?: number;
  /** A part of the name. */
  q?: string;
  /** Of the newest version. */
  status?: 'approved' | 'draft' | 'pending' | 'rejected';
}

export interface TemplatesPreviewFields {
  /** What the template's {{names}} stand for. */
  variables?: Record<string, unknown>;
}

export interface TemplatesUpdateFields {
  /** Once per account. */
  name?: string;
  /** Words in double braces are filled when it is sent. */
  body?: string;
  category?: 'transactional' | 'marketing' | 'otp';
  language?: string;
}

/** `client.templates` */
export declare class TemplatesCalls {
  /** Create a template. A draft. `{{name}}` in the body is filled when it is sent. */
  create(fields: TemplatesCreateFields, options?: CallOptions): Promise<TemplateCreate>;
  /** Delete a template. It can no longer be sent, and its name is free. */
  delete(id: string): Promise<TemplateDelete>;
  /** Get a template. One template, with its newest versions. */
  get(id: string): Promise<TemplateCreate>;
  /** List templates. Newest first. */
  list(fields?: TemplatesListFields): Promise<Page<Template>>;
  /** Preview a template. The newest text with these variables, and what it takes. Nothing is sent. */
  preview(id: string, fields?: TemplatesPreviewFields): Promise<TemplatePreview>;
  /** Submit a template. Asks the operator to approve a draft. */
  submit(id: string): Promise<TemplateCreate>;
  /** Change a template. A new body of a template that was submitted once waits for approval; the approved text is used meanwhile. */
  update(id: string, fields?: TemplatesUpdateFields): Promise<TemplateCreate>;
}

export interface VerificationCheck {
  session_id: string;
  verified: boolean;
  verified_at: string;
}

export interface NumberLookup {
  valid: boolean;
  /** Without plus. */
  number: string;
  country_code: string | null;
  /** To whom the range was allocated; a ported number may be elsewhere. */
  carrier: string | null;
  line_type: string;
  ported: string;
  local_format?: string | null;
  international_format?: string | null;
  country_prefix?: string | null;
  country_name?: string | null;
  /** Always null: numbers carry no reliable place. */
  location?: string | null;
}

export interface NewVerification {
  session_id: string;
  message_id: string;
  to: string;
  channel: string;
  expires_at: string;
  status: string;
  /** Test keys only. */
  sandbox_code?: string;
}

export interface Verification {
  id: string;
  to: string;
  channel: string;
  status: string;
  expires_at: string;
  verified_at: string | null;
  created_at: string;
  session_id?: string;
  message_id?: string;
  attempts?: number;
  max_attempts?: number;
}

export interface VerifyCheckFields {
  session_id: string;
  code: string;
}

export interface VerifyLookupFields {
  number: string;
  /** ISO 3166-1 alpha-2, for numbers in local form; the account's country without it. */
  country_code?: string;
}

export interface VerifySendFields {
  to: string;
  channel?: 'sms' | 'whatsapp' | 'telegram';
  code_length?: number;
  /** Seconds. */
  expiry?: number;
  /** Shown in the text. */
  brand?: string;
  /** Text with {{code}} and, if wanted, {{brand}}; a sentence of ours without it. */
  template?: string;
  /** Of our sentence; the account's without it. */
  language?: 'fr' | 'en' | 'ar';
  /** Your site's host name: browsers there offer to fill the code in. */
  domain?: string;
  /** What WhatsApp's copy button says. */
  otp_button_text?: string;
  /** Address of the person who waits for the code; limits abuse. */
  end_user_ip?: string;
}

/** `client.verify` */
export declare class VerifyCalls {
  /** Check a one-time code. Right once, within three tries. */
  check(fields: VerifyCheckFields): Promise<VerificationCheck>;
  /** Look a number up. Free of charge, and offline: allocation, not portability. */
  lookup(fields: VerifyLookupFields): Promise<NumberLookup>;
  /** Send a one-time code. Sends a new code; an older one to the same number is good for nothing from then on. */
  send(fields: VerifySendFields, options?: CallOptions): Promise<NewVerification>;
  /** Get a verification session. Its state, never its code. */
  status(id: string): Promise<Verification>;
}

export interface Webhook {
  id: string;
  url: string;
  /** JSON text for keys of document A. */
  events: string[] | string;
  profile: string;
  /** 1 or 0 for keys of document A. */
  active: boolean | number;
  last_triggered_at: string | null;
  last_status: number | null;
  created_at: string;
  disabled_reason?: string | null;
  failing_since?: string | null;
}

export interface NewWebhook {
  id: string;
  url: string;
  events: string[];
  /** Shown this once. */
  secret: string;
  active: boolean;
  profile: string;
  created_at: string;
}

export interface WebhookUpdate {
  updated: boolean;
  id: string;
}

export interface WebhookDelete {
  deleted: boolean;
  id: string;
}

export interface Delivery {
  /** The value of the header webhook-id. */
  event_id: string;
  event: string;
  message_id: string | null;
  state: string;
  attempts: number;
  next_at: string | null;
  last_status: number | null;
  last_error: string | null;
  created_at?: string;
  done_at?: string | null;
}

export interface DeliveryDetailAttemptLog {
  number: number;
  started_at: string;
  latency_ms: number;
  status: number | null;
  error: string | null;
  /** The beginning of the receiver's answer, 1 kB at most. */
  answer: string;
}

export interface DeliveryDetail {
  /** The value of the header webhook-id. */
  event_id: string;
  event: string;
  message_id: string | null;
  state: string;
  attempts: number;
  next_at: string | null;
  last_status: number | null;
  last_error: string | null;
  attempt_log: DeliveryDetailAttemptLog[];
  created_at?: string;
  done_at?: string | null;
}

export interface WebhookReplayDelivery {
  queued: boolean;
  id: string;
  event_id: string;
}

export interface WebhookReplay {
  /** How many events are posted again. */
  queued: number;
  id: string;
  /** Where to go on, if there were more than ten thousand. */
  next_since: string | null;
}

export interface NewSecret {
  id: string;
  secret: string;
  former_valid_until: string;
}

export interface WebhooksCreateFields {
  url: string;
  events?: ('*' | 'contact.opted_in' | 'contact.opted_out' | 'message.*' | 'message.cancelled' | 'message.delivered' | 'message.expired' | 'message.failed' | 'message.received' | 'message.sent' | 'message.test' | 'message.undeliverable' | 'topup.paid' | 'verify.success')[];
  secret?: string;
  profile?: 'standard' | 'smsmaroc' | 'envoisms' | 'smsprovider';
  active?: boolean;
}

export interface WebhooksDeliveriesFields {
  /** The next_cursor of a former answer. */
  cursor?: string;
  /** 50 unless given, 200 at most. */
  limit?: number;
  offset?: number;
  state?: 'dead' | 'done' | 'pending';
}

export interface WebhooksReplayFields {
  since: string;
}

export interface WebhooksRotateFields {
  secret?: string;
}

export interface WebhooksUpdateFields {
  url?: string;
  events?: ('*' | 'contact.opted_in' | 'contact.opted_out' | 'message.*' | 'message.cancelled' | 'message.delivered' | 'message.expired' | 'message.failed' | 'message.received' | 'message.sent' | 'message.test' | 'message.undeliverable' | 'topup.paid' | 'verify.success')[];
  profile?: 'standard' | 'smsmaroc' | 'envoisms' | 'smsprovider';
  active?: boolean;
}

/** `client.webhooks` */
export declare class WebhooksCalls {
  /** Create a webhook. Registers an HTTPS address. The secret is generated unless given, and shown this once. */
  create(fields: WebhooksCreateFields): Promise<NewWebhook>;
  /** Delete a webhook. Switches a webhook off; nothing more is posted to it. */
  delete(id: string): Promise<WebhookDelete>;
  /** List deliveries. The last thirty days, newest first. */
  deliveries(id: string, fields?: WebhooksDeliveriesFields): Promise<Page<Delivery>>;
  /** Get a delivery. One delivery with each of its attempts and the beginning of the receiver's answers. */
  delivery(id: string, eventId: string): Promise<DeliveryDetail>;
  /** Get a webhook. One webhook, without its secret. */
  get(id: string): Promise<Webhook>;
  /** List webhooks. All webhooks, active or not, newest first; never a secret. */
  list(): Promise<Page<Webhook>>;
  /** Replay events. Posts again every event since an instant that the webhook subscribes to, also those of a time when it was switched off. Receivers know repeated events by `webhook-id`. */
  replay(id: string, fields: WebhooksReplayFields): Promise<WebhookReplay>;
  /** Replay one event. Posts one event again. */
  replayDelivery(id: string, eventId: string): Promise<WebhookReplayDelivery>;
  /** Rotate a webhook's secret. Gives a new secret, shown this once. `webhook-signature` is made with both for a day. */
  rotate(id: string, fields?: WebhooksRotateFields): Promise<NewSecret>;
  /** Test a webhook. Posts a `message.test` event to the webhook, signed like any other. */
  test(id: string): Promise<WebhookReplayDelivery>;
  /** Change a webhook. Changes what the body names. Switching it on again forgets its failures. */
  update(id: string, fields?: WebhooksUpdateFields): Promise<WebhookUpdate>;
}

export interface Resources {
  readonly account: AccountCalls;
  readonly analytics: AnalyticsCalls;
  readonly apiKeys: ApiKeysCalls;
  readonly balance: BalanceCalls;
  readonly billing: BillingCalls;
  readonly campaigns: CampaignsCalls;
  readonly contacts: ContactsCalls;
  readonly health: HealthCalls;
  readonly inbound: InboundCalls;
  readonly lists: ListsCalls;
  readonly messages: MessagesCalls;
  readonly optouts: OptoutsCalls;
  readonly sandbox: SandboxCalls;
  readonly templates: TemplatesCalls;
  readonly verify: VerifyCalls;
  readonly webhooks: WebhooksCalls;
}
