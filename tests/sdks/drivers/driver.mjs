// Drives the Node library; see README.md.
import readline from 'node:readline';
import * as risala from '../../../sdks/node/index.mjs';

let client;
const camel = (name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());

async function called(task) {
  const [resource, method] = task.name.split('.').map(camel);
  const given = [...(task.parts ?? [])];
  if (task.fields || task.idempotency_key) given.push(task.fields ?? {});
  if (task.idempotency_key) given.push({ idempotencyKey: task.idempotency_key });
  return client[resource][method](...given);
}

async function perform(task) {
  if (task.do === 'client') {
    client = new risala.Risala({
      apiKey: task.api_key,
      baseUrl: task.base_url,
      timeoutSeconds: 5,
      retries: task.retries ?? 3,
    });
    return risala.VERSION;
  }
  if (task.do === 'verify') {
    const { profile, now } = task;
    return risala.verifySignature(Buffer.from(task.payload, 'base64'), task.headers, task.secret, { profile, now });
  }
  const answer = await called(task);
  if (task.do === 'all') {
    const rows = [];
    for await (const row of answer) rows.push(row);
    return rows;
  }
  if (answer instanceof risala.Page) {
    return { data: answer.data, total: answer.total, next_cursor: answer.nextCursor };
  }
  return answer;
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  let answer;
  try {
    answer = { ok: await perform(JSON.parse(line)) };
  } catch (error) {
    if (!(error instanceof risala.RisalaError)) throw error;
    const { code, status, param, docs, requestId, retryAfterSeconds, answerLost } = error;
    const told = { code, status, param, docs, request_id: requestId };
    answer = { error: { kind: error.name, ...told, retry_after_seconds: retryAfterSeconds, answer_lost: answerLost } };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
