"""A reply starts in the customer's language, and says sorry only to who was let down."""

import pytest

from alerts.replying import starting_text
from alerts.starting_texts import LETTERS, OPENINGS, SUBJECTS, first_words
from customers.models import Customer
from tests.alerts.answering import open_follow_up


@pytest.mark.parametrize("language", LETTERS)
def test_every_language_has_words_for_every_group(language):
    assert OPENINGS[language].keys() == OPENINGS["en"].keys() and language in SUBJECTS
    for group in OPENINGS[language]:
        values = {"name": "Karim", "author": "Greta", "organization": "Northwind"}
        subject, text = first_words(language=language, group=group, **values)
        assert all(word in text for word in values.values()) and "{" not in subject + text


@pytest.mark.parametrize(
    ("group", "is_sorry"), [("detractor", True), ("passive", False), ("promoter", False), ("", False)]
)
def test_only_who_was_let_down_reads_that_we_are_sorry(group, is_sorry):
    _, text = first_words(language="de-AT", group=group, name="", author="Greta", organization="Northwind")
    assert ("sorry" in text) is is_sorry
    assert text.startswith("Hello,")


def test_the_customers_language_counts(world):
    follow_up = open_follow_up(world.home, customer=world.home.karim)
    with world.home.scope():
        Customer.objects.filter(pk=world.home.karim.pk).update(language="ar")
        follow_up.customer.refresh_from_db()
        subject, text = starting_text(follow_up, author="Greta")
    assert subject == "ملاحظاتك إلى Northwind"
    assert text.startswith("مرحبا كريم حداد،") and "يؤسفني" in text
