"""The Celery application and the whole schedule: every sweep that makes certain what a nudge makes prompt."""

import importlib
import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cxm.settings")
# Checks load every view (37 MB); migrating and CI run them, and a worker serves no page.
os.environ.setdefault("CELERY_SKIP_CHECKS", "true")
app = Celery("cxm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
importlib.import_module("cxm.forking")
importlib.import_module("cxm.heartbeat")

# Seconds between two looks; plain words beside each. Order within a worker: alerts, sends, default, exports.
app.conf.beat_schedule = {
    "hold the rules against new answers": {"task": "alerts.tasks.evaluate_due", "schedule": 2.0},
    "write digests of follow-ups that opened in a burst": {"task": "alerts.tasks.queue_due_digests", "schedule": 2.0},
    "let clocks go on whose pause is over": {"task": "alerts.tasks.resume_due", "schedule": 30.0},
    "go on with deeds done to many follow-ups": {"task": "alerts.tasks.do_bulk_deeds", "schedule": 5.0},
    "say which steps are due": {"task": "alerts.tasks.remind_of_steps", "schedule": 30.0},
    "take escalation steps that are due": {"task": "alerts.tasks.escalate_due", "schedule": 30.0},
    "look at silence and at scores for the rules": {"task": "alerts.tasks.check_rules", "schedule": 30.0},
    "note promises that were not kept": {"task": "alerts.tasks.note_breaches", "schedule": 30.0},
    "forget what was told long ago": {"task": "alerts.tasks.forget_old_notifications", "schedule": 3600.0},
    "write mail of what waited for the hour": {"task": "alerts.tasks.write_gathered_mail", "schedule": 15.0},
    "tell customers what became of what they said": {
        "task": "alerts.tasks.send_initiative_messages",
        "schedule": 15.0,
    },
    "ask again after closing": {"task": "alerts.tasks.ask_recoveries", "schedule": 60.0},
    "tell places outside": {"task": "alerts.tasks.send_due_deliveries", "schedule": 5.0},
    "read what customers write back": {"task": "alerts.tasks.read_inbound_mail", "schedule": 5.0},
    "plan asks that could not be planned at once": {"task": "surveys.tasks.plan_unplanned_events", "schedule": 15.0},
    "ask customers whose time has come": {"task": "surveys.tasks.send_due_invitations", "schedule": 5.0},
    "send staff mail that is due": {"task": "tenancy.tasks.send_due_mail", "schedule": 3.0},
    "forget replies that nobody may repeat any more": {"task": "tenancy.tasks.forget_old_replies", "schedule": 3600.0},
    "forget sessions that are over": {"task": "tenancy.tasks.forget_old_sessions", "schedule": 3600.0},
    "write exports and throw old ones away": {"task": "tenancy.tasks.write_due_exports", "schedule": 10.0},
    "count dirty days again": {"task": "metrics.tasks.refresh_dirty_days", "schedule": 3.0},
    "go on with imports": {"task": "customers.tasks.work_on_imports", "schedule": 5.0},
    "delete uploads kept long enough": {"task": "customers.tasks.forget_old_uploads", "schedule": 3600.0},
}
