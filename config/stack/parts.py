"""The command lines of what a stack runs beside its servers: web, Celery workers and beat, SMPP sessions.
Which lanes share a worker is decided here: `urgent` has a worker of its own, so that a campaign cannot delay
a one-time code."""

import errno
import os
import socket
import sys
from collections.abc import Mapping

from config.stack.supervise import Part

PYTHON = sys.executable
CELERY = (PYTHON, "-m", "celery", "--quiet", "-A", "config.celery:app")
WORKER = ("worker", "--without-gossip", "--without-mingle", "-l", "WARNING")
SESSION_PREFIX = "smpp-"

STOP_ORDER = ("beat", "web")  # then everything else that is not a server


def manage(*arguments: str) -> list[str]:
    """The command line of a `manage.py` command."""
    return [PYTHON, "manage.py", *arguments]


def why_taken(host: str, port: int) -> str:
    """Why nothing can listen on `host`:`port`, or an empty text.

    granian binds with SO_REUSEPORT, so a second one would share the port silently; this asks without that
    option.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(
            socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
        )  # past connections in TIME_WAIT do not matter
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return f"port {port} on {host} is taken; set PORT to a free one."
            return f"cannot listen on {host} port {port}: {error.strerror}."
    return ""


def web(env: Mapping[str, str], *, host: str, port: int) -> Part:
    """The web server. WEB_WORKERS processes (2) with WEB_THREADS threads (32) each."""
    command = [PYTHON, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    command += ["--workers", os.environ.get("WEB_WORKERS") or "2"]
    command += ["--blocking-threads", os.environ.get("WEB_THREADS") or "32", "--http", "1", "--no-ws"]
    command += ["--respawn-failed-workers", "--respawn-interval", "0.2", "--workers-kill-timeout", "20"]
    command.append("config.wsgi:application")
    return Part("web", command, {**env, "RISALA_ROLE": "web"}, obstacle=lambda: why_taken(host, port))


def workers(env: Mapping[str, str]) -> list[Part]:
    """The Celery workers and beat."""
    # Celery warns, in eight lines for each worker, that root should not run it; whoever runs this as root
    # knows.
    env = {**env, "RISALA_ROLE": "worker", "PYTHONWARNINGS": "ignore:::celery.platforms"}
    beat = (
        "beat",
        "--scheduler",
        "django_celery_beat.schedulers:DatabaseScheduler",
        "--pidfile=",
        "-l",
        "WARNING",
    )
    return [
        Part("urgent", [*CELERY, *WORKER, "-P", "solo", "-n", "urgent@%h", "-Q", "urgent"], env),
        Part(
            "worker",
            [*CELERY, *WORKER, "-P", "prefork", "-c", "3", "-n", "worker@%h", "-Q", "normal,bulk,default"],
            env,
        ),
        Part("beat", [*CELERY, *beat], env),
    ]


def session(env: Mapping[str, str], carrier: str) -> Part:
    """The long-lived session with one carrier."""
    command = manage("smpp_session", carrier)
    return Part(SESSION_PREFIX + carrier, command, {**env, "RISALA_ROLE": "worker"})
