"""The Celery application, and what beat runs. A task is a wake-up: facts are in PostgreSQL, and losing every task at any
moment costs a second."""

import os
from importlib import import_module
from typing import Any

from celery import Celery
from celery.signals import worker_init, worker_process_init

from config.stack.orphans import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("risala")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# name: (task, seconds between runs, queue)
PERIODIC = {
    "messaging: sweep and wake": ("messaging.tasks.tick", 1, "urgent"),
    "campaigns: begin, pause, wake": ("campaigns.tasks.tick", 1, "default"),
    "campaigns: mail": ("campaigns.tasks.upkeep", 60, "default"),
    "messaging: probe paused carriers": ("messaging.tasks.probe_carriers", 5, "default"),
    "messaging: fold tallies": ("messaging.tasks.fold_tallies", 2, "default"),
    "messaging: attend to SIMs": ("messaging.tasks.attend_sims", 5, "default"),
    "verify: upkeep": ("verify.tasks.upkeep", 60, "default"),
    "webhooks: deliver": ("webhooks.tasks.deliver", 1, "default"),
    "billing: expire top-ups": ("billing.tasks.expire_topups", 300, "default"),
    "upkeep: partitions and old keys": ("config.tasks.upkeep", 3600, "default"),
    "upkeep: retention": ("config.tasks.retain", 86400, "default"),
}


@worker_init.connect
@worker_process_init.connect
def _die_with_parent(**_: object) -> None:
    die_with_parent()


@worker_init.connect
def _stand_by(sender: Any, **_: object) -> None:
    # In the urgent worker only: it is one process, and threads with connections must not be forked.
    if "solo" in str(getattr(sender, "pool_cls", "")):
        import_module("config.standby").start()
