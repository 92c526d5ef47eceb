"""What time alone brings about in money: top-ups that nobody paid."""

from celery import shared_task

from billing import settle


@shared_task(name="billing.tasks.expire_topups", ignore_result=True)
def expire_topups() -> None:
    """Every few minutes: harmless to run twice, or not at all for a day."""
    settle.expire()
