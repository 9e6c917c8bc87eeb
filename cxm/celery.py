"""The Celery application and the whole schedule: every sweep that makes certain what a nudge makes prompt."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cxm.settings")
app = Celery("cxm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Seconds between two looks; plain words beside each. Order within a worker: alerts, sends, default, exports.
app.conf.beat_schedule = {
    "send staff mail that is due": {"task": "tenancy.tasks.send_due_mail", "schedule": 3.0},
    "count dirty days again": {"task": "metrics.tasks.refresh_dirty_days", "schedule": 5.0},
}
