// The client: holds the key and the address, makes calls, repeats what may be repeated.
'use strict';

const { randomUUID } = require('node:crypto');
const { Page } = require('./calls.cjs');
const { ConnectionFailedError, RisalaError, errorFor } = require('./errors.cjs');
const { pauseSeconds, worthRepeating } = require('./patience.cjs');
const { VERSION } = require('./version.cjs');
const { resources } = require('../resources/index.cjs');

// What fetch says when nothing was sent, because no connection came about.
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

class Risala {
  #key;
  #root;
  #timeoutSeconds;
  #retries;
  #longestWaitSeconds;
  #fetch;

  constructor({ apiKey, baseUrl, timeoutSeconds = 30, retries = 3, longestWaitSeconds = 60, fetch } = {}) {
    this.#key = apiKey ?? process.env.RISALA_API_KEY;
    const address = baseUrl ?? process.env.RISALA_BASE_URL;
    if (!this.#key || !address) throw new TypeError('apiKey and baseUrl are needed');
    this.#root = new URL(address).href.replace(/\/+$/, '').replace(/\/v1$/, '');
    this.#timeoutSeconds = timeoutSeconds;
    this.#retries = retries;
    this.#longestWaitSeconds = longestWaitSeconds;
    this.#fetch = fetch ?? globalThis.fetch;
    Object.assign(this, resources(this));
  }

  /** Any call of the API, also one this library has no method for. */
  async call(method, path, fields = {}, { keyed = false, idempotencyKey } = {}) {
    const headers = {
      Authorization: `Bearer ${this.#key}`,
      Accept: 'application/json',
      'User-Agent': `risala-node/${VERSION}`,
    };
    const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
    let address = this.#root + path;
    let body;
    if (method === 'GET') {
      const query = new URLSearchParams(given).toString();
      address += query && `?${query}`;
    } else if (Object.keys(given).length) {
      headers['Content-Type'] = 'application/json';
      body = JSON.stringify(given);
    }
    if (keyed) headers['Idempotency-Key'] = idempotencyKey ?? randomUUID();
    return this.#patiently(address, { method, headers, body, redirect: 'manual' }, method === 'GET' || keyed);
  }

  /** The first page of a list. */
  async pages(path, fields = {}) {
    return new Page(this, path, fields, await this.call('GET', path, fields));
  }

  async #patiently(address, request, repeatable) {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.#once(address, request);
      } catch (error) {
        if (!(error instanceof RisalaError)) throw error;
        if (attempt >= this.#retries || !worthRepeating(error, repeatable)) throw error;
        const pause = pauseSeconds(error, attempt);
        if (pause > this.#longestWaitSeconds) throw error;
        await new Promise((resolve) => setTimeout(resolve, pause * 1000));
      }
    }
  }

  async #once(address, request) {
    let response, raw;
    try {
      const signal = AbortSignal.timeout(this.#timeoutSeconds * 1000);
      response = await this.#fetch(address, { ...request, signal });
      raw = new Uint8Array(await response.arrayBuffer());
    } catch (cause) {
      const answerLost = !NOT_SENT.has(cause?.cause?.code);
      throw new ConnectionFailedError(`no answer: ${cause?.cause?.message ?? cause?.message}`, { answerLost, cause });
    }
    const body = parsed(response, raw);
    if (response.status >= 200 && response.status < 300 && body !== undefined) return body;
    const told = response.headers.get('retry-after') ?? '';
    throw errorFor({
      status: response.status,
      body,
      requestId: response.headers.get('x-request-id'),
      retryAfterSeconds: /^\d+$/.test(told) ? Number(told) : null,
    });
  }
}

/** The JSON of an answer, undefined when it is none though it says so; the bytes of another type. */
function parsed(response, raw) {
  if (!(response.headers.get('content-type') ?? '').includes('json')) return raw;
  try {
    return JSON.parse(new TextDecoder().decode(raw));
  } catch {
    return undefined;
  }
}

module.exports = { Risala };
