"""The page of one follow-up: what it shows, and its deeds with their refusals and conflicts."""

from datetime import timedelta

import pytest
from django.utils import timezone

from alerts.breaches import note_batch
from alerts.detail import in_two
from alerts.following_up import acknowledge, contact, resolve
from alerts.models import FollowUp, FollowUpEntry
from tenancy.models import OutgoingMail
from tenancy.owned import new_id
from tests.alerts.answering import TUESDAY, give_answers, open_follow_up
from tests.alerts.pages import client_of, do


def page(ground, follow_up, person: str = "greta", **headers):
    return client_of(getattr(ground, person)).get(ground.url(f"followups/{follow_up.number}/"), **headers)


def test_page_shows_the_verbatim_the_consent_and_the_history(world):
    give_answers(world.home, 9, at=TUESDAY - timedelta(days=30))
    verbatim = "<script>alert(1)</script> وصل متأخرا"
    follow_up = open_follow_up(world.home, score=3, verbatim=verbatim, customer=world.home.chiara)
    html = page(world.home, follow_up).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert '<blockquote class="quote" dir="auto">' in html
    assert "The customer agreed to be contacted." in html
    assert "Opened by the rule" in html
    assert "Earlier:" in html


def test_long_verbatim_unfolds_without_losing_a_character(world):
    text = "All the words of a long story. " * 160
    html = page(world.home, open_follow_up(world.home, verbatim=text)).content.decode()
    assert "Show the rest" in html
    assert "".join(in_two(text)) == text
    assert "".join(in_two("x" * 5000)) == "x" * 5000
    assert in_two("Short.") == ("Short.", "")


def test_only_allowed_moves_are_offered(world):
    follow_up = open_follow_up(world.home)
    html = page(world.home, follow_up).content.decode()
    assert "acknowledgement/" in html
    for absent in ("closure/", "reopening/"):
        assert absent not in html
    with world.home.scope():
        resolve(follow_up, outcome="explained", root_cause="price", text="Mended", by=world.home.greta, at=TUESDAY)
    html = page(world.home, follow_up).content.decode()
    assert "reopening/" in html
    assert "To say that they were told, reply or record a contact first." in html
    assert "resolution/" not in html


def test_viewer_reads_and_is_offered_nothing(world):
    follow_up = open_follow_up(world.home, verbatim="Broken")
    html = page(world.home, follow_up, "victor").content.decode()
    assert "Broken" in html
    # To watch is to read.
    forms = html.split('id="main"')[1].split('<nav class="bottom-bar"')[0].split("<form")[1:]
    assert ["watching/" in form for form in forms] == [True]
    assert do(world.home, follow_up, "notes", "victor", text="Hello").status_code == 403


def test_reply_is_off_with_its_reason_without_consent(world):
    html = page(world.home, open_follow_up(world.home, may_contact=None)).content.decode()
    assert "was not asked whether we may get in touch" in html
    assert "replies/" not in html


def test_page_costs_a_fixed_number_of_queries(world, django_assert_max_num_queries):
    follow_up = open_follow_up(world.home, verbatim="Broken")
    for _ in range(12):
        do(world.home, follow_up, "notes", text="Called")
    with world.home.scope():
        rows = [FollowUp.objects.get()]
        rows[0].refresh_from_db()
    client = client_of(world.home.greta)
    client.get(world.home.url("followups/1/"))
    with django_assert_max_num_queries(40):
        client.get(world.home.url("followups/1/"))


DEEDS = {
    "acknowledgement": {},
    "contact": {"way": "phone", "text": "Will send a new one"},
    "resolution": {"outcome": "recovered", "root_cause": "price", "text": "Sent a new one"},
    "owner": {"owner": ""},
    "notes": {"text": "Prefers mornings"},
    "replies": {"subject": "Your parcel", "text": "So sorry."},
}


@pytest.mark.parametrize("deed", DEEDS)
def test_deed_redirects_to_the_page_and_leaves_a_line(world, deed):
    follow_up = open_follow_up(world.home)
    answer = do(world.home, follow_up, deed, **DEEDS[deed])
    assert (answer.status_code, answer.url) == (302, world.home.url("followups/1/"))
    with world.home.scope():
        entry = FollowUpEntry.objects.get(by=world.home.greta)
    assert entry.by_label == "Greta Northwind"


@pytest.mark.parametrize("deed", DEEDS)
def test_deed_on_another_organizations_follow_up_is_not_found(world, deed):
    follow_up = open_follow_up(world.other)
    assert do(world.home, follow_up, deed, **DEEDS[deed]).status_code == 404


def test_taking_it_and_giving_it_away(world):
    follow_up = open_follow_up(world.home)
    do(world.home, follow_up, "owner", owner=world.home.greta.pk)
    silent = do(world.home, follow_up, "owner", owner=world.olga.pk, version=2)
    assert silent.status_code == 422
    assert "Greta Northwind owns it: say why that changes." in silent.content.decode()
    do(world.home, follow_up, "owner", owner=world.olga.pk, text="Knows the customer", version=2)
    assert do(world.home, follow_up, "owner", owner=world.home.victor.pk, version=3).status_code == 422
    assert "Knows the customer" in client_of(world.home.greta).get(world.home.url("followups/1/")).content.decode()
    with world.home.scope():
        assert FollowUp.objects.get().owner == world.olga


def test_incomplete_form_comes_back_open_with_what_was_typed(world):
    follow_up = open_follow_up(world.home)
    answer = do(world.home, follow_up, "resolution", outcome="unreachable", root_cause="", text="Half a thought")
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Half a thought" in html
    assert 'id="resolution" name="deed" open' in html


def test_illegal_move_is_refused_in_words(world):
    follow_up = open_follow_up(world.home)
    answer = do(world.home, follow_up, "reopening")
    assert answer.status_code == 409
    assert "cannot be reopened" in answer.content.decode()


def test_conflict_shows_both_versions_and_keeps_what_was_typed(world):
    follow_up = open_follow_up(world.home)
    with world.home.scope():
        acknowledge(follow_up, by=world.home.anton, at=timezone.now())
        contact(follow_up, way="phone", text="She wants a refund", by=world.home.anton, at=timezone.now())
    answer = do(world.home, follow_up, "replies", subject="Sorry", text="My long letter", htmx=True)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "You saw version 1; it is at version 3 now" in html
    for part in ("My long letter", "Acknowledged", "Contacted: phone", "Anton Northwind", "She wants a refund"):
        assert part in html
    assert 'name="version" value="3"' in html
    with world.home.scope():
        assert not OutgoingMail.objects.filter(template="follow_up_reply").exists()
    # Sent again on top of what is there now, it goes through.
    assert do(world.home, follow_up, "replies", version=3, subject="Sorry", text="My long letter").status_code == 302


def test_same_form_sent_twice_is_done_once(world):
    follow_up = open_follow_up(world.home)
    entry = new_id()
    for _ in range(2):
        answer = do(world.home, follow_up, "replies", entry=entry, subject="Sorry", text="Letter")
        assert answer.status_code == 302
    with world.home.scope():
        assert OutgoingMail.objects.filter(template="follow_up_reply").count() == 1


def test_reply_that_was_not_sent_shows_its_error(world):
    follow_up = open_follow_up(world.home)
    do(world.home, follow_up, "replies", subject="Sorry", text="Letter")
    words = {"due": "is being sent", "sent": "Reply sent to", "failed": "was not sent"}
    for state, said in words.items():
        with world.home.scope():
            mails = OutgoingMail.objects.filter(template="follow_up_reply")
            mails.update(state=state, last_error="" if state == "sent" else "550 no such mailbox")
        html = page(world.home, follow_up).content.decode()
        assert said in html
        assert ("550 no such mailbox" in html) is (state != "sent")


def test_broken_promise_stands_in_the_history(world):
    follow_up = open_follow_up(world.home)
    note_batch(world.home.organization.id, at=follow_up.first_contact_due_at)
    html = page(world.home, follow_up).content.decode()
    assert "Overdue: first contact" in html


def test_fragment_replaces_the_pane_alone(world):
    follow_up = open_follow_up(world.home)
    answer = page(world.home, follow_up, HTTP_HX_REQUEST="true")
    assert "<html" not in answer.content.decode()
    assert "HX-Request" in answer.headers["Vary"]


def test_next_goes_round_the_view(world):
    for _ in range(3):
        follow_up = open_follow_up(world.home)
    client, seen, number = client_of(world.home.greta), [], follow_up.number
    for _ in range(3):
        number = client.get(world.home.url(f"followups/{number}/?view=all")).context["next_number"]
        seen.append(number)
    assert sorted(seen) == [1, 2, 3]
