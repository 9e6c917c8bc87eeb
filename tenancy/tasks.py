"""The tasks of tenancy."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef

from tenancy import forgetting
from tenancy.background import sweep_task
from tenancy.exports import write_due
from tenancy.outbox import send_due


@sweep_task(queue="alerts")
def send_due_mail():
    return send_due()


@sweep_task(queue="exports")
def write_due_exports():
    return write_due()


@sweep_task()
def forget_old_replies():
    return forgetting.forget_old_replies()


@sweep_task()
def forget_old_sessions():
    SessionStore.clear_expired()
    living = Session.objects.filter(session_key=OuterRef("session_key"))
    UserSession.objects.filter(~Exists(living)).delete()
