"""A playbook becomes a checklist when a follow-up opens; its steps are ticked, and its results are counted."""

from datetime import timedelta

import pytest
from django.utils import timezone

from alerts.evaluating import evaluate_batch
from alerts.following_up import close_loop, contact, resolve
from alerts.models import AlertRule, FollowUp, FollowUpEntry, FollowUpStep, Playbook, Recovery, ReplyTemplate
from alerts.playbooks.checklist import progress_of
from alerts.playbooks.results import results_of_playbooks
from alerts.playbooks.saving import Step, save_playbook, set_active
from alerts.playbooks.starting import choose_playbook, mark_step
from alerts.rules.settling import LONGEST_WINDOW
from tenancy.models import AuditEntry
from tests.alerts.answering import TUESDAY, give_answers, open_follow_up
from tests.alerts.pages import client_of, do, queue

pytestmark = pytest.mark.django_db


@pytest.fixture
def playbook(world):
    with world.home.scope():
        steps = [
            Step("Look into it", due_hours=2),
            Step("Ask the lead", doer="lead"),
            Step("Tell Anton", doer="person", person=world.home.anton, due_hours=8),
        ]
        playbook = save_playbook(None, name="Late parcel", situation="It came late", steps=steps, by=world.home.ana)
        AlertRule.objects.filter(name="Detractors").update(playbook=playbook)
    return playbook


def steps_of(follow_up):
    return list(FollowUpStep.objects.filter(follow_up=follow_up))


def test_a_new_organization_has_three_playbooks_with_texts(world):
    with world.home.scope():
        assert Playbook.objects.count() == 3
        assert all(each.steps.count() >= 4 for each in Playbook.objects.all())
        assert ReplyTemplate.objects.filter(playbook__isnull=False).count() == 3


def test_the_rule_chooses_it_and_its_steps_are_due_in_working_time(world, playbook):
    follow_up = open_follow_up(world.home, at=TUESDAY)
    with world.home.scope():
        found = steps_of(follow_up)
        assert [each.text for each in found] == ["Look into it", "Ask the lead", "Tell Anton"]
        assert [each.owner for each in found] == [None, None, world.home.anton]
        assert found[1].due_at is None
        assert found[0].due_at > follow_up.opened_at and found[2].due_at - found[0].due_at >= timedelta(hours=6)


def test_any_number_of_follow_ups_gets_its_steps_by_the_same_number_of_statements(
    world, playbook, django_assert_max_num_queries
):
    give_answers(world.home, *[2] * 40)
    with django_assert_max_num_queries(60):
        evaluate_batch(world.home.organization.id, at=max(timezone.now(), TUESDAY + LONGEST_WINDOW))
    with world.home.scope():
        assert FollowUp.objects.count() == 40 and FollowUpStep.objects.count() == 120


def test_steps_are_ticked_and_taken_back_with_who_and_when(world, playbook):
    follow_up = open_follow_up(world.home)
    with world.home.scope():
        first = steps_of(follow_up)[0]
    address = f"steps/{first.pk}"
    assert do(world.home, follow_up, address, is_done="on").status_code == 302
    with world.home.scope():
        first.refresh_from_db()
        assert first.done_by == world.home.greta and first.done_at is not None
        assert progress_of([follow_up.pk])[follow_up.pk].done == 1
        assert AuditEntry.objects.filter(verb="follow_up.step_done").count() == 1
    page = client_of(world.home.greta).get(world.home.url(f"followups/{follow_up.number}/")).content.decode()
    assert "1 of 3 done" in page and "Step done: Look into it" in page and "Greta Northwind" in page
    assert do(world.home, follow_up, address, is_done="on").status_code == 409
    assert do(world.home, follow_up, address, is_done="on", version=2).status_code == 422
    assert do(world.home, follow_up, address, version=2).status_code == 302
    with world.home.scope():
        first.refresh_from_db()
        assert first.done_at is None and first.done_by is None


def test_ticking_twice_by_one_submission_is_once(world, playbook):
    follow_up, entry = open_follow_up(world.home), "0198c0de-0000-7000-8000-000000000000"
    with world.home.scope():
        first = steps_of(follow_up)[0]
    for _ in range(2):
        assert do(world.home, follow_up, f"steps/{first.pk}", is_done="on", entry=entry).status_code == 302
    with world.home.scope():
        assert follow_up.entries.filter(kind=FollowUpEntry.Kind.STEP).count() == 1


def test_steps_of_others_are_not_there_and_viewers_may_not_tick(world, playbook):
    follow_up, theirs = open_follow_up(world.home), open_follow_up(world.other)
    with world.home.scope():
        step = steps_of(follow_up)[0]
    assert do(world.other, theirs, f"steps/{step.pk}", is_done="on").status_code == 404
    assert do(world.home, follow_up, f"steps/{step.pk}", "victor", is_done="on").status_code == 403


def test_another_playbook_keeps_what_was_done(world, playbook):
    follow_up = open_follow_up(world.home)
    with world.home.scope():
        other = save_playbook(None, name="Other", steps=[Step("Call them")], by=world.home.ana)
        mark_step(follow_up, step=steps_of(follow_up)[0], is_done=True, by=world.home.greta, at=timezone.now())
    assert do(world.home, follow_up, "playbook", playbook=str(other.pk), version=2).status_code == 302
    with world.home.scope():
        assert {each.text for each in steps_of(follow_up)} == {"Look into it", "Call them"}
        with pytest.raises(ValueError, match="already"):
            choose_playbook(follow_up, playbook=other, by=world.home.greta, at=timezone.now())
        choose_playbook(follow_up, playbook=None, by=world.home.greta, at=timezone.now())
        assert {each.text for each in steps_of(follow_up)} == {"Look into it"}
    page = client_of(world.home.greta).get(world.home.url(f"followups/{follow_up.number}/")).content.decode()
    assert "Goes by the playbook “Other”" in page and "Goes by no playbook" in page


def test_choosing_a_playbook_again_asks_for_nothing_that_was_done(world, playbook):
    follow_up = open_follow_up(world.home)
    with world.home.scope():
        mark_step(follow_up, step=steps_of(follow_up)[0], is_done=True, by=world.home.greta, at=timezone.now())
        for chosen in (None, playbook):
            choose_playbook(follow_up, playbook=chosen, by=world.home.greta, at=timezone.now())
        found = steps_of(follow_up)
        assert sorted(each.text for each in found) == ["Ask the lead", "Look into it", "Tell Anton"]
        assert [each.text for each in found if each.done_at] == ["Look into it"]


def test_who_chooses_reads_when_to_use_it(world, playbook):
    page = client_of(world.home.greta).get(world.home.url(f"followups/{open_follow_up(world.home).number}/"))
    html = page.content.decode()
    checklist = html[html.index('id="checklist"') :]
    # As what it goes by, and among those that can be chosen.
    assert checklist.count("It came late") == 2


def test_archiving_one_that_a_rule_chooses_warns(world, playbook):
    client, address = client_of(world.home.ana), world.home.url("settings/playbooks/")
    answer = client.post(f"{address}{playbook.pk}/archival/", follow=True)
    html = answer.content.decode()
    assert "Still chosen by “Detractors”: what these rules open goes by it all the same." in html.replace("&quot;", '"')
    assert client.get(address).content.decode().count("Still chosen by") == 1


def test_changing_a_playbook_changes_nothing_under_way(world, playbook):
    follow_up = open_follow_up(world.home)
    with world.home.scope():
        save_playbook(playbook, name="Late parcel", steps=[Step("New")], by=world.home.ana)
        assert len(steps_of(follow_up)) == 3
        set_active(playbook, is_active=False, by=world.home.ana)
    page = client_of(world.home.greta).get(world.home.url(f"followups/{follow_up.number}/")).content.decode()
    assert "Playbook: Late parcel" in page


def test_the_queue_shows_how_far_each_has_come(world, playbook):
    give_answers(world.home, *[2] * 12)
    evaluate_batch(world.home.organization.id, at=max(timezone.now(), TUESDAY + LONGEST_WINDOW))
    assert queue(world.home, "greta", "?view=all").content.decode().count("0 of 3 steps") == 12


def filled(**more) -> dict:
    return {
        "name": "Wrong bill",
        "situation": "The bill is wrong",
        "guideline_url": "https://wiki.example/bills",
        "steps-TOTAL_FORMS": "3",
        "steps-INITIAL_FORMS": "0",
        "steps-0-text": "Second",
        "steps-0-place": "2",
        "steps-0-doer": "owner",
        "steps-1-text": "First",
        "steps-1-place": "1",
        "steps-1-doer": "lead",
        "steps-1-due_hours": "4",
        "steps-2-text": "",
        "steps-2-doer": "owner",
        **more,
    }


def test_admins_write_change_and_archive_playbooks(world):
    client, address = client_of(world.home.ana), world.home.url("settings/playbooks/")
    assert client.post(address + "new/", filled()).status_code == 302
    with world.home.scope():
        playbook = Playbook.objects.get(name="Wrong bill")
        assert [(each.text, each.doer, each.due_hours) for each in playbook.steps.all()] == [
            ("First", "lead", 4),
            ("Second", "owner", None),
        ]
    page = client.get(f"{address}{playbook.pk}/").content.decode()
    assert 'value="First"' in page
    assert client.post(address + "new/", filled()).status_code == 422
    assert client.post(f"{address}{playbook.pk}/", filled(name="Bills")).status_code == 302
    assert client.post(f"{address}{playbook.pk}/archival/").status_code == 302
    assert "Archived" in client.get(address).content.decode()
    assert client_of(world.home.anton).get(address).status_code == 403
    assert client_of(world.other.ana).get(f"{world.other.url('settings/playbooks/')}{playbook.pk}/").status_code == 404


def test_a_playbook_without_steps_or_with_a_step_of_nobody_is_refused(world):
    client, address = client_of(world.home.ana), world.home.url("settings/playbooks/new/")
    empty = client.post(address, filled(**{"steps-0-text": "", "steps-1-text": ""}))
    assert empty.status_code == 422 and "at least one step" in empty.content.decode()
    nobody = client.post(address, filled(**{"steps-0-doer": "person"}))
    assert nobody.status_code == 422 and "Name the person." in nobody.content.decode()
    wrong = client.post(address, filled(guideline_url="javascript:alert(1)"))
    assert wrong.status_code == 422


def test_results_tell_how_many_closed_and_how_many_recovered(world, playbook):
    now = timezone.now()
    for number in range(3):
        follow_up = open_follow_up(world.home)
        with world.home.scope():
            contact(follow_up, way="phone", by=world.home.greta, at=now)
            resolve(follow_up, outcome="recovered", root_cause="price", text="Done", by=world.home.greta, at=now)
            if number == 2:
                continue
            close_loop(follow_up, closing="told", text="They know", by=world.home.greta, at=now)
            result = ["recovered", "worse"][number]
            Recovery.objects.create(follow_up=follow_up, closed_at=follow_up.closed_at, result=result)
    with world.home.scope():
        results = results_of_playbooks()[playbook.pk]
        assert (results.used, results.closed.hits, results.recovered.hits, results.recovered.n) == (3, 2, 1, 2)
        assert results.recovered_words.startswith("50 % (") and results.recovered_words.endswith("n\u00a0=\u00a02")
    page = client_of(world.home.ana).get(world.home.url("settings/playbooks/")).content.decode()
    assert results.recovered_words in page
