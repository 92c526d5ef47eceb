"""Takes webhook posts: `python receive.py 9000`, with the endpoint's RISALA_WEBHOOK_SECRET in the environment."""

import os
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

from risala import SignatureError, verify_signature


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            event = verify_signature(body, self.headers, os.environ["RISALA_WEBHOOK_SECRET"])
        except SignatureError as error:
            print("not believed:", error)
            status = 401
        else:
            print(self.headers["webhook-id"], event["event"], event.get("message_id"))
            status = 204
        self.send_response(status)
        self.end_headers()


HTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
