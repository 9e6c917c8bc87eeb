"""The survey mail as customers receive it: headers, plain text, and HTML that works in a mail program."""

import re
from email import message_from_bytes, policy

import pytest

from surveys.models import Measure
from surveys.published import instrument
from surveys.survey_mail import SurveyMail, write_survey_mail
from surveys.tokens import make_token
from tenancy.mail import Sender
from tenancy.models import Organization
from tenancy.owned import new_id
from tests.surveys.asking import live_survey

TOKEN = make_token(new_id())


@pytest.fixture
def write(world):
    """Returns `write(template, language, **facts)`: the mail as it travels, parsed again."""

    def write(template="relationship_nps", language="en", **facts):
        with world.home.scope():
            shown = instrument(live_survey(world.home, template).versions.get())
            organization = Organization.objects.get()
            organization.postal_address = "12 Harbour Street, Hamburg"
            sender = Sender.of(organization)
        values = {"customer_name": "Chiara Conti", "to_address": "chiara@northwind.example", **facts}
        mail = write_survey_mail(SurveyMail(shown, language, TOKEN, **values), sender=sender)
        return message_from_bytes(mail.message().as_bytes(), policy=policy.default)

    return write


def html_of(message):
    return message.get_body(["html"]).get_content()


def text_of(message):
    return message.get_body(["plain"]).get_content()


def test_headers_let_a_mail_program_unsubscribe_and_robots_keep_quiet(write, settings):
    message = write(message_id="<one@cxm>")
    assert message["List-Unsubscribe"].strip() == (
        f"<{settings.BASE_URL}/u/{TOKEN}/>, <mailto:care@northwind.example?subject=unsubscribe>"
    )
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"] == "<one@cxm>"
    assert message["From"].addresses[0].display_name == "Northwind"
    assert message["Subject"] == "Would you recommend Northwind?"


@pytest.mark.parametrize(
    "template, scores",
    [("relationship_nps", range(11)), ("touchpoint_csat", range(1, 6)), ("touchpoint_ces", range(1, 8))],
)
def test_every_score_is_one_link_in_html_and_in_plain_text(write, settings, template, scores):
    message = write(template, touchpoint="Support call")
    links = [f"{settings.BASE_URL}/r/{TOKEN}/?score={score}" for score in scores]
    assert re.findall(r'href="([^"]*\?score=\d+)"', html_of(message)) == links
    assert [f"{score}: {link}" for score, link in zip(scores, links, strict=True)] == [
        line for line in text_of(message).splitlines() if "?score=" in line
    ]
    assert f'aria-label="{scores[0]} out of {scores[-1]}"' in html_of(message)


def test_plain_text_is_written_and_not_stripped(write, settings):
    text = text_of(write())
    assert text.startswith("Hello Chiara Conti,\n")
    assert "How likely are you to recommend Northwind to a friend or colleague?" in text
    assert "0 = Not at all likely, 10 = Extremely likely" in text
    assert f"{settings.BASE_URL}/u/{TOKEN}/" in text
    assert "12 Harbour Street, Hamburg" in text
    assert "<" not in text


def test_html_needs_nothing_from_elsewhere_and_stays_small(write):
    html = html_of(write())
    assert len(html.encode()) <= 20_000
    assert not re.search(r"<(img|script|link|iframe)\b", html)
    assert "url(" not in html


def test_html_has_what_mail_programs_need(write):
    html = html_of(write())
    for needed in (
        'name="color-scheme" content="light dark"',
        'name="supported-color-schemes"',
        "prefers-color-scheme: dark",
        "[data-ogsc]",
        "[data-ogsb]",
        "<!--[if mso]>",
        "mso-line-height-rule",
        'width="44"',
        "One question, ten seconds.",
        "because you are a customer of Northwind",
        "12 Harbour Street, Hamburg",
        f"/u/{TOKEN}/",
    ):
        assert needed in html, needed


def test_all_scores_look_the_same(write):
    styles = set(re.findall(r'<a[^>]*href="[^"]*\?score=\d+"[^>]*style="([^"]*)"', html_of(write())))
    styles |= set(re.findall(r'<a[^>]*style="([^"]*)"[^>]*href="[^"]*\?score=\d+"', html_of(write())))
    assert len(styles) == 1


def test_right_to_left_language_turns_html_and_every_table(write):
    html = html_of(write(language="ar"))
    assert '<html lang="ar" dir="rtl"' in html
    tables = re.findall(r"<table[^>]*>", html)
    assert tables
    assert all('dir="rtl"' in table for table in tables)
    # 0 is written first, and so stands at the right, where reading starts.
    assert html.index("?score=0") < html.index("?score=10")


def test_names_are_text_in_html_and_unharmed_in_plain_text(write):
    message = write(customer_name='<b>Tom & "Jerry"</b>')
    assert "<b>Tom" not in html_of(message)
    assert 'Hello <b>Tom & "Jerry"</b>,' in text_of(message)


def test_line_breaks_in_a_name_cannot_make_a_header(write):
    assert "Bcc" not in write(customer_name="Tom\nBcc: all@example.com")


def test_unknown_language_gets_the_default_one(write):
    assert '<html lang="en" dir="ltr"' in html_of(write(language="tlh"))


def test_mail_of_a_measure_is_known_for_each_scale():
    from surveys.survey_mail import ROWS
    from surveys.survey_templates import TEMPLATES

    assert {template.measure for template in TEMPLATES.values()} == set(Measure.values)
    assert {template.points for template in TEMPLATES.values()} <= set(ROWS)
