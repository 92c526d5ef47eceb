// Sends a code and checks it: `node one_time_code.mjs +212612345678 [code]`. With a test key the code is in the answer.
import { createInterface } from 'node:readline/promises';
import { ApiError, Risala } from 'risala';

const client = new Risala();
const session = await client.verify.send({ to: process.argv[2], code_length: 6, brand: 'Atlas' });
const terminal = createInterface({ input: process.stdin, output: process.stdout });
const code = session.sandbox_code ?? (await terminal.question('Code: '));
terminal.close();
try {
  await client.verify.check({ session_id: session.session_id, code });
  console.log('verified');
} catch (error) {
  if (!(error instanceof ApiError)) throw error;
  console.log('refused:', error.code);
}
