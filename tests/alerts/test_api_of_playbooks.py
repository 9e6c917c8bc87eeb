"""Checklists, texts and what customers wrote back, by the API."""

import pytest

from alerts.models import AlertRule, Playbook
from tests.alerts.answering import open_follow_up
from tests.alerts.letters import DOMAIN, customer_writes, letter
from tests.calling import Api


@pytest.fixture
def api(world):
    return Api(world.home)


def test_a_checklist_is_chosen_and_ticked_by_the_api(world, api):
    with world.home.scope():
        playbook = Playbook.objects.get(name="Something went wrong")
        AlertRule.objects.filter(name="Detractors").update(playbook=playbook)
    path = f"follow-ups/{open_follow_up(world.home).id}"
    steps = api.get(f"{path}/steps").json()["results"]
    assert len(steps) == 5 and all(each["due_at"] and each["done_at"] is None for each in steps)
    address = f"{path}/steps/{steps[0]['id']}"
    assert api.post(address, {"version": 1, "is_done": True}).json()["version"] == 2
    assert api.post(address, {"version": 1, "is_done": False}).status_code == 409
    assert api.post(address, {"version": 2, "is_done": True}).status_code == 400
    known = {each["name"]: each for each in api.get("playbooks").json()["results"]}
    other = known["We cannot change it"]
    assert [step["doer"] for step in known["A customer may leave"]["steps"]].count("lead") == 1
    assert api.post(f"{path}/playbook", {"version": 2, "playbook": other["id"]}).status_code == 200
    assert len(api.get(f"{path}/steps").json()["results"]) == 1 + len(other["steps"])
    wrong = api.post(f"{path}/playbook", {"version": 3, "playbook": steps[0]["id"]})
    assert wrong.status_code == 400
    assert len(api.get("reply-templates").json()["results"]) == 3


def test_what_the_customer_wrote_is_read_by_the_api(world, api, settings):
    settings.INBOUND_MAIL_DOMAIN = DOMAIN
    follow_up = open_follow_up(world.home)
    mail = letter("Still broken\n\n> Dear Chiara")
    mail.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="a.png")
    customer_writes(world.home, follow_up, mail)
    (told,) = api.get(f"follow-ups/{follow_up.id}/mails").json()["results"]
    assert (told["text"], told["quoted"], told["is_other_sender"]) == ("Still broken", "> Dear Chiara", False)
    assert told["files"][0]["file_name"] == "a.png" and "data" not in told["files"][0]
