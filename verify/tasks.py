"""The Celery task of one-time codes: harmless to run twice, or not at all for a day."""

from celery import shared_task

from verify import alarm, retention


@shared_task(name="verify.tasks.upkeep", ignore_result=True)
def upkeep() -> None:
    """Every minute: mail about closed countries, end and forget old sessions."""
    alarm.tell_due()
    retention.tidy()
