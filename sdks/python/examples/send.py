"""Sends a message and waits until it is delivered: `python send.py +212600000000`, with RISALA_API_KEY and
RISALA_BASE_URL in the environment."""

import sys
import time

from risala import InsufficientBalanceError, Risala

client = Risala()
try:
    sent = client.messages.send(to=sys.argv[1], message="Hello from Python")
except InsufficientBalanceError as error:
    sys.exit(f"{error} (request {error.request_id})")
for _ in range(60):
    message = client.messages.get(str(sent["id"]))
    if message["status"] not in ("scheduled", "queued", "sent"):
        break
    time.sleep(0.5)
print(message["id"], message["status"], message["cost"]["mad"], "MAD")
