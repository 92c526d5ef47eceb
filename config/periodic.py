"""Keeps django-celery-beat's table equal to `config.celery.PERIODIC`."""

from django_celery_beat.models import IntervalSchedule, PeriodicTask

from config.celery import PERIODIC


def ensure() -> int:
    """Create or correct the periodic tasks; ones that are no longer listed are removed. Returns how many there are."""
    for name, (task, seconds, queue) in PERIODIC.items():
        schedule, _ = IntervalSchedule.objects.get_or_create(every=seconds, period=IntervalSchedule.SECONDS)
        PeriodicTask.objects.update_or_create(
            name=name,
            defaults={
                "task": task,
                "interval": schedule,
                "queue": queue,
                "enabled": True,
                "expire_seconds": max(2, min(30, 2 * seconds)),
            },
        )
    PeriodicTask.objects.filter(task__startswith="messaging.").exclude(name__in=PERIODIC).delete()
    return len(PERIODIC)
