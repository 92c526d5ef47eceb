"""Sends a code and asks for it: `python one_time_code.py +212612345678`. With a test key the code is in the answer."""

import sys

from risala import ApiError, Risala

client = Risala()
session = client.verify.send(to=sys.argv[1], code_length=6, brand="Atlas")
code = session.get("sandbox_code") or input("Code: ")
try:
    client.verify.check(session_id=session["session_id"], code=code)
    print("verified")
except ApiError as error:
    print("refused:", error.code)
