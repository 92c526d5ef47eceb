// Takes webhook posts: `node receive.mjs 9000`, with the endpoint's RISALA_WEBHOOK_SECRET in the environment.
import { createServer } from 'node:http';
import { SignatureError, verifySignature } from 'risala';

const server = createServer(async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  try {
    const event = verifySignature(Buffer.concat(parts), request.headers, process.env.RISALA_WEBHOOK_SECRET);
    console.log(request.headers['webhook-id'], event.event, event.message_id);
    response.writeHead(204).end();
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error;
    console.log('not believed:', error.message);
    response.writeHead(401).end();
  }
});
server.listen(Number(process.argv[2]), '127.0.0.1');
