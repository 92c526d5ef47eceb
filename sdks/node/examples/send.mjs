// Sends a message and waits until it is delivered: `node send.mjs +212600000000`, with RISALA_API_KEY and
// RISALA_BASE_URL in the environment.
import { setTimeout as pause } from 'node:timers/promises';
import { InsufficientBalanceError, Risala } from 'risala';

const client = new Risala();
try {
  const sent = await client.messages.send({ to: process.argv[2], message: 'Hello from Node' });
  let message = await client.messages.get(sent.id);
  for (let n = 0; n < 60 && ['scheduled', 'queued', 'sent'].includes(message.status); n += 1) {
    await pause(500);
    message = await client.messages.get(sent.id);
  }
  console.log(message.id, message.status, message.cost.mad, 'MAD');
} catch (error) {
  if (!(error instanceof InsufficientBalanceError)) throw error;
  console.error(`${error.message} (request ${error.requestId})`);
  process.exitCode = 1;
}
