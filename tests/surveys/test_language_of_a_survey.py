"""A customer reads the survey in their own language, in its own direction, and may switch without losing a word."""

import pytest
from django.utils import timezone

from surveys.models import Response
from surveys.wording import CHROME, chrome
from tests.surveys.listening import make_invitation, make_live_survey, path_of


@pytest.fixture
def links(world):
    """Paths for Chiara, whose language is not known, and for Karim, who reads Arabic."""
    with world.home.scope():
        survey = make_live_survey(world.home)
        invitations = [make_invitation(world.home, survey, customer=customer, at=timezone.now())
                       for customer in (world.home.chiara, world.home.karim)]  # fmt: skip
    return [path_of(invitation) for invitation in invitations]


def head_of(page) -> str:
    return page.content.decode()[:120]


ENGLISH, ARABIC = '<html lang="en" dir="ltr">', '<html lang="ar" dir="rtl">'


def test_language_of_the_customer_comes_before_the_browsers(client, links):
    chiara, karim = links
    assert ARABIC in head_of(client.get(karim, headers={"accept-language": "en"}))
    assert ARABIC in head_of(client.get(chiara, headers={"accept-language": "fr, ar-EG;q=0.9, en;q=0.1"}))
    assert ENGLISH in head_of(client.get(chiara, headers={"accept-language": "ja"}))


def test_address_may_ask_for_a_language(client, links):
    assert ENGLISH in head_of(client.get(f"{links[1]}?lang=en"))
    assert ARABIC in head_of(client.get(f"{links[1]}?lang=xx"))


def test_switching_keeps_what_was_typed_and_records_nothing(client, world, links):
    typed = {"score": "4", "verbatim": "Half a sentence", "may_contact": "yes", "lang": "en"}
    page = client.post(links[0], {**typed, "language": "ar", "switch_language": "1"})
    assert page.status_code == 200 and ARABIC in head_of(page)
    text = page.content.decode()
    assert "Half a sentence</textarea>" in text and 'value="4" aria-label="4" checked' in text
    assert 'value="yes" checked' in text and "هل يمكننا التواصل" in text
    with world.home.scope():
        assert not Response.objects.exists()


def test_switching_without_a_score_is_no_error(client, links):
    page = client.post(links[0], {"lang": "en", "language": "ar", "switch_language": "1"})
    assert page.status_code == 200 and 'role="alert"' not in page.content.decode()


def test_error_and_thanks_stay_in_the_language_of_the_form(client, world, links):
    page = client.post(links[0], {"lang": "ar"})
    assert page.status_code == 422 and ARABIC in head_of(page) and "يرجى اختيار تقييم" in page.content.decode()
    client.post(links[0], {"lang": "ar", "score": "1"})
    with world.home.scope():
        assert Response.objects.get().language == "ar"
    assert ARABIC in head_of(client.get(f"{links[0]}done/"))


def test_first_button_of_the_form_sends(client, links):
    """Enter in a field presses it, wherever the language switch stands."""
    text = client.get(links[0]).content.decode()
    first = text[text.index("<button") :].split(">")[0]
    assert 'form="survey"' in first and "name=" not in first


def test_every_language_of_the_pages_has_every_text():
    for language, words in CHROME.items():
        assert words.keys() == CHROME["en"].keys(), language
        assert all(words.values())
    assert chrome("ar-EG") is CHROME["ar"] and chrome("ja") is CHROME["en"]
