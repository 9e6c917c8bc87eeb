"""A double click, or two devices: one answer, and both are led to the same thanks."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from surveys.models import Answer, Response
from tenancy.models import AuditEntry
from tests.surveys.listening import make_invitation, make_live_survey, path_of


@pytest.mark.django_db(transaction=True)
def test_four_posts_at_the_same_moment_are_one_answer(world):
    with world.home.scope():
        survey = make_live_survey(world.home)
        link = path_of(make_invitation(world.home, survey, at=timezone.now()))
    barrier = Barrier(4)

    def post(_):
        try:
            barrier.wait()
            page = Client().post(link, {"score": "3", "verbatim": "Late", "lang": "en"})
            return page.status_code, page["Location"]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        outcomes = set(pool.map(post, range(4)))
    assert outcomes == {(303, f"{link}done/")}
    with world.home.scope():
        assert Response.objects.count() == 1
        assert Answer.objects.count() == 2
        assert AuditEntry.objects.filter(verb__startswith="response.").count() == 1
