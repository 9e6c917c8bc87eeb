"""Sessions that are over leave nothing behind."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from tenancy.tasks import forget_old_sessions


def test_sessions_that_are_over_are_forgotten_and_others_stay(world):
    for person in (world.home.ana, world.home.greta):
        client = Client()
        client.force_login(person)
        client.get("/profile/")
    over = UserSession.objects.get(user=world.home.ana).session_key
    Session.objects.filter(session_key=over).update(expire_date=timezone.now() - timedelta(seconds=1))
    forget_old_sessions()
    assert list(UserSession.objects.values_list("user_id", flat=True)) == [world.home.greta.pk]
    assert Session.objects.count() == 1
