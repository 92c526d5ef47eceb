"""A worker that ends closes its connections to carriers: nothing is left to complain about when its process is gone."""

import os
import subprocess
import sys

from tests.stand_ins import sms_to_server

PROGRAM = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
import django; django.setup()
from celery.signals import worker_process_shutdown
from messaging import tasks
from messaging.carriers.contract import Accepted
from messaging.sending import submit
from tests.carriers.rows import config, submission
row = config("sms_to", settings={"base_url": sys.argv[1]}, secrets={"api_key": "k"})
((settled,), _) = submit.batch(submit.Line(row, 0, True), [submission()])
assert isinstance(settled.result, Accepted), settled
worker_process_shutdown.send(sender=None)
((settled,), _) = submit.batch(submit.Line(row, 0, True), [submission()])
assert isinstance(settled.result, Accepted), settled
worker_process_shutdown.send(sender=None)
"""


def test_no_session_is_left_open() -> None:
    with sms_to_server.running() as server:
        ended = subprocess.run(
            [sys.executable, "-W", "default", "-c", PROGRAM, server.base_url],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env=dict(os.environ),
        )
    assert ended.returncode == 0, ended.stderr
    assert "Unclosed" not in ended.stderr
    assert "ResourceWarning" not in ended.stderr
