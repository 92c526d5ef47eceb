"""A webhook receiver for a first try, run as `python3 docs/receiver.py whsec_…`: listens on 127.0.0.1:9000, prints every post
and whether its signature is right (Standard Webhooks: over id, time and body, joined by dots)."""

import base64
import hashlib
import hmac
import http.server
import sys


class Receiver(http.server.BaseHTTPRequestHandler):
    """Answers 204 to what we signed, 401 to anything else."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        signed = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + body
        key = base64.b64decode(sys.argv[1].removeprefix("whsec_"))
        ours = "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
        given = (self.headers["webhook-signature"] or "").split()
        good = any(hmac.compare_digest(ours, one) for one in given)
        sys.stdout.write(f"signature is {'right' if good else 'WRONG'} {body.decode()}\n")
        sys.stdout.flush()
        self.send_response(204 if good else 401)
        self.end_headers()


if __name__ == "__main__":
    http.server.HTTPServer(("127.0.0.1", 9000), Receiver).serve_forever()
