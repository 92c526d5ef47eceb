// Checks that a webhook post comes from your Risala and is fresh, before anything in it is believed.
'use strict';

const { createHmac, timingSafeEqual } = require('node:crypto');
const { SignatureError } = require('./errors.cjs');

const TOLERANCE_SECONDS = 300;
// Per profile: the headers that may hold the signature of the documents, and what stands before its hex.
const LEGACY = {
  smsmaroc: { names: ['x-smsmaroc-signature'], prefix: 'sha256=' },
  envoisms: { names: ['x-envoisms.ma-signature', 'x-envoisms-signature'], prefix: 'sha256=' },
  smsprovider: { names: ['x-smsprovider-signature'], prefix: '' },
};
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function verifySignature(payload, headers, secret, options = {}) {
  const { profile = 'standard', toleranceSeconds = TOLERANCE_SECONDS, now = Date.now() / 1000 } = options;
  const body = Buffer.from(payload);
  const secrets = [secret].flat().filter(Boolean);
  if (!secrets.length) throw new TypeError('a secret is needed');
  if (profile !== 'standard' && !Object.hasOwn(LEGACY, profile)) throw new TypeError(`unknown profile ${profile}`);
  const header = reader(headers);
  checkTime(header('webhook-timestamp'), toleranceSeconds, now, profile);
  if (profile === 'standard') checkStandard(body, header, secrets);
  else checkLegacy(body, header, secrets, LEGACY[profile]);
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new SignatureError('the body is signed, but is not JSON', { cause });
  }
}

/** A header by its name in lower case, from Node's, Express's or fetch's headers; undefined when missing. */
function reader(headers) {
  const pairs = typeof headers?.entries === 'function' ? [...headers.entries()] : Object.entries(headers ?? {});
  const map = new Map(pairs.map(([name, value]) => [name.toLowerCase(), [value].flat()[0]]));
  return (name) => map.get(name);
}

function checkTime(timestamp, toleranceSeconds, now, profile) {
  if (timestamp === undefined && profile !== 'standard') return;
  if (!/^[0-9]{1,12}$/.test(timestamp ?? '')) throw new SignatureError('webhook-timestamp is missing');
  if (Math.abs(now - Number(timestamp)) > toleranceSeconds) {
    throw new SignatureError('the post is too old, or from the future');
  }
}

function checkStandard(body, header, secrets) {
  const signed = Buffer.concat([Buffer.from(`${header('webhook-id') ?? ''}.${header('webhook-timestamp')}.`), body]);
  const given = (header('webhook-signature') ?? '')
    .split(' ')
    .filter((part) => part.startsWith('v1,'))
    .map((part) => part.slice(3));
  const expected = secrets.map((one) => createHmac('sha256', standardKey(one)).update(signed).digest('base64'));
  if (!anyEqual(given, expected)) throw new SignatureError('webhook-signature is not of this body and secret');
}

function checkLegacy(body, header, secrets, { names, prefix }) {
  const given = names.map(header).filter((value) => value !== undefined);
  const expected = secrets.map((one) => prefix + createHmac('sha256', one).update(body).digest('hex'));
  if (!anyEqual(given, expected)) throw new SignatureError(`${names[0]} is not of this body and secret`);
}

/** What the base64 after `whsec_` stands for; for a secret of your own that is no base64, its bytes. */
function standardKey(secret) {
  const text = secret.replace(/^whsec_/, '');
  return text && BASE64.test(text) ? Buffer.from(text, 'base64') : Buffer.from(secret);
}

/** Whether any pair is equal; each is compared, in constant time. */
function anyEqual(given, expected) {
  let found = false;
  for (const one of given.map((text) => Buffer.from(text))) {
    for (const other of expected.map((text) => Buffer.from(text))) {
      if (one.length === other.length && timingSafeEqual(one, other)) found = true;
    }
  }
  return found;
}

module.exports = { verifySignature };
