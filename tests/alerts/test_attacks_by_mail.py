"""What an attacker sends: forged, broken, endless and deep mails change nothing and cost little."""

import time
from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.utils import timezone

from alerts.correspondence.addresses import reply_address
from alerts.correspondence.folding import fold
from alerts.correspondence.intake import SIZE_LIMIT, Answer, take_in
from alerts.correspondence.letter import TEXT_CHARACTERS, Unreadable, read_letter
from alerts.correspondence.plain_text import cleaned, text_of_html
from alerts.correspondence.reading import FAILED_WHY
from alerts.models import Attachment, InboundMail
from tests.alerts.answering import open_follow_up
from tests.alerts.letters import DOMAIN, customer_writes, hand_in, letter, received
from tests.alerts.pages import client_of

ENOUGH = 12.0  # seconds, on a machine that others use as well
HEAD = b"From: a@b.example\r\nMessage-ID: <1@b.example>\r\nMIME-Version: 1.0\r\n"


@pytest.fixture(autouse=True)
def inbound(settings):
    settings.INBOUND_MAIL_DOMAIN = DOMAIN


@pytest.fixture
def follow_up(world):
    return open_follow_up(world.home)


@pytest.mark.django_db
def test_a_forged_address_and_one_of_a_follow_up_that_is_none_are_refused(world, follow_up):
    address = reply_address(follow_up)
    other = address.translate(str.maketrans("abcdefgh", "hgfedcba"))
    raw = letter().as_bytes()
    assert take_in(raw, recipients=[other], sender="") == Answer.UNKNOWN
    follow_up.number = 999
    assert hand_in(world.home, follow_up, letter()) == Answer.UNKNOWN
    with world.home.scope():
        assert not InboundMail.objects.exists()


@pytest.mark.django_db
def test_the_number_of_one_organization_opens_nothing_in_the_other(world, follow_up):
    theirs = open_follow_up(world.other)
    assert theirs.number == follow_up.number
    customer_writes(world.home, follow_up, "For Northwind")
    with world.other.scope():
        assert not InboundMail.objects.exists() and received(theirs) == []


@pytest.mark.django_db
def test_what_is_too_large_is_refused_before_it_is_looked_at(world, follow_up):
    assert hand_in(world.home, follow_up, b"x" * (SIZE_LIMIT + 1)) == Answer.TOO_LARGE


@pytest.mark.django_db
def test_deep_nesting_is_set_aside_at_once_and_visible(world, follow_up):
    mail = customer_writes(world.home, follow_up, HEAD + nested(200))
    assert mail.state == "due" and mail.why == FAILED_WHY and "within one another" in mail.last_error
    page = client_of(world.home.anton).get(world.home.url("followups/set-aside/")).content.decode()
    assert "within one another" in page


@pytest.mark.django_db
def test_headers_cannot_be_injected_into_our_answer(world, follow_up):
    raw = (
        HEAD.replace(b"<1@b.example>", b"<1@b.example>\rBcc: all@b.example")
        + b"Subject: =?utf-8?q?A=0ABcc:_x?=\r\n\r\nHi"
    )
    mail = customer_writes(world.home, follow_up, raw)
    assert mail.subject == "A Bcc: x"
    with world.home.scope():
        assert "\r" not in str(received(follow_up)[0].details) and "\n" not in received(follow_up)[0].details["subject"]


@pytest.mark.django_db
def test_a_mail_with_nothing_that_can_be_stored_in_a_database_is_stored(world, follow_up):
    mail = customer_writes(
        world.home, follow_up, HEAD + b"Subject: \x00\xff\r\n\r\nBroken \x00\xff\xfe \xed\xa0\x80 text"
    )
    with world.home.scope():
        assert mail.state == "taken" and "Broken" in received(follow_up)[0].text


@pytest.mark.django_db
def test_files_within_the_limits_are_kept_and_handed_out_as_downloads_only(world, follow_up):
    mail = letter("See the picture")
    mail.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="../../etc/фото\u202egnp.png")
    mail.add_attachment(b"<script>", maintype="text", subtype="html", filename="page.html")
    mail.add_attachment(b"<script>", maintype="text", subtype="plain", filename="page.html")
    mail.add_attachment(b"MZ", maintype="application", subtype="octet-stream", filename="run.exe")
    mail.add_attachment(b"x" * 5_000_001, maintype="application", subtype="pdf", filename="large.pdf")
    customer_writes(world.home, follow_up, mail)
    with world.home.scope():
        file = Attachment.objects.get()
        assert (file.file_name, bytes(file.data)) == ("фотоgnp.png", b"\x89PNG")
        assert len(received(follow_up)[0].details["left_out"]) == 4
    address = world.home.url(f"followups/{follow_up.number}/files/{file.pk}/")
    answer = client_of(world.home.victor).get(address)
    assert answer["Content-Disposition"].startswith("attachment;") and answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/octet-stream" and answer.content == b"\x89PNG"
    assert client_of(world.other.ana).get(address).status_code == 404
    theirs = world.other.url(f"followups/{follow_up.number}/files/{file.pk}/")
    assert client_of(world.other.ana).get(theirs).status_code == 404


@pytest.mark.django_db
def test_more_files_than_ten_are_named_and_not_kept(world, follow_up):
    mail = letter("Many")
    for number in range(14):
        mail.add_attachment(b"x", maintype="image", subtype="png", filename=f"{number}.png")
    customer_writes(world.home, follow_up, mail)
    with world.home.scope():
        assert Attachment.objects.count() == 10
        assert received(follow_up)[0].details["left_out"][0] == "10.png (too many files)"


@pytest.mark.django_db
def test_the_words_are_shown_as_words(world, follow_up):
    customer_writes(world.home, follow_up, letter("<script>alert(1)</script>", subject="<b>x</b>"))
    page = client_of(world.home.greta).get(world.home.url(f"followups/{follow_up.number}/")).content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page


def test_endless_texts_are_read_in_time_and_cut():
    for text in (
        b"line\r\n" * 1_500_000,
        b"\n" * 3_000_000,
        b"On " + b"a " * 4_000_000,
        b"> " * 4_000_000,
        b"From: x\r\n" * 900_000,
        b"a" * 9_000_000,
    ):
        began = time.monotonic()
        read = read_letter(HEAD + b"\r\n" + text)
        assert len(read.text) + len(read.quoted) <= TEXT_CHARACTERS
        assert time.monotonic() - began < ENOUGH, text[:20]


@pytest.mark.parametrize(
    "piece", ["<a ", "<!--", "<![", "<", "&#", "<div>", "<blockquote>", "</p", "<?", "<script>", "<a b='"]
)
def test_endless_html_is_read_in_time(piece):
    began = time.monotonic()
    text_of_html(piece * 500_000)
    assert time.monotonic() - began < ENOUGH


def test_a_header_without_end_is_passed_over():
    for name in (b"Subject", b"From", b"Content-Type", b"To"):
        began = time.monotonic()
        read_letter(name + b": " + b'"a" <a@b.c>, ' * 300_000 + b"\r\n\r\nHi")
        assert time.monotonic() - began < ENOUGH


def test_many_parts_side_by_side_are_too_many():
    parts = b"--x\r\nContent-Type: text/plain\r\n\r\na\r\n" * 5000
    with pytest.raises(Unreadable):
        read_letter(HEAD + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + parts + b"--x--\r\n")


def nested(depth: int) -> bytes:
    heads = [f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n".encode() for n in range(depth)]
    return b"".join(heads) + b"Content-Type: text/plain\r\n\r\nDeep"


def test_html_becomes_text_and_its_quotation_is_folded():
    html = (
        "<html><head><style>p{}</style><title>x</title></head><body><p>Still <b>broken</b>,&nbsp;sadly.</p>"
        "<ul><li>door</li><li>window</li></ul><div class=gmail_quote>On Tue, Northwind &lt;a@b.c&gt; wrote:"
        "<blockquote><p>Dear Chiara</p><script>alert(1)</script></blockquote></div></body></html>"
    )
    said, quoted = fold(cleaned(text_of_html(html)))
    assert said == "Still broken, sadly.\n\n- door\n- window"
    assert "> Dear Chiara" in quoted and "alert" not in quoted


@pytest.mark.parametrize(
    ("charset", "declared"),
    [("utf-8", "us-ascii"), ("windows-1256", "windows-1256"), ("utf-8", "nonsense"), ("utf-8", "")],
)
def test_broken_encodings_are_read_as_what_they_are(charset, declared):
    kind = f"Content-Type: text/plain; charset={declared}\r\n".encode() if declared else b""
    body = "لا يزال الباب معطلا".encode(charset)
    assert read_letter(HEAD + kind + b"\r\n" + body).text == "لا يزال الباب معطلا"


@pytest.mark.parametrize(
    ("charset", "words"),
    [("iso-2022-jp", "まだ壊れています"), ("hz", "还是坏的"), ("utf-7", "لا يزال معطلا"), ("iso-2022-kr", "아직 고장")],
)
def test_charsets_that_look_like_plain_letters_are_read_as_stated(charset, words):
    kind = f"Content-Type: text/plain; charset={charset}\r\n\r\n".encode()
    assert read_letter(HEAD + kind + words.encode(charset)).text == words
    assert read_letter(HEAD + kind + "لا يزال".encode()).text == "لا يزال"


def test_an_arabic_name_and_subject_are_read():
    mail = EmailMessage()
    mail["From"] = "كريم حداد <karim@northwind.example>"
    mail["Subject"] = "رد: ملاحظاتك"
    mail.set_content("مرحبا\n\nفي الثلاثاء، 10 مارس 2026 كتب Northwind:\n> أهلا")
    read = read_letter(mail.as_bytes())
    assert (read.from_address, read.subject) == ("karim@northwind.example", "رد: ملاحظاتك")
    assert read.text == "مرحبا" and "أهلا" in read.quoted


@pytest.mark.django_db
def test_what_fails_three_times_is_set_aside_with_its_error(world, follow_up, monkeypatch):
    from alerts.correspondence import reading

    def break_down(*facts, **more):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(reading, "read_letter", break_down)
    hand_in(world.home, follow_up, letter())
    for minute in range(5):
        reading.read_next(world.home.organization.id, at=timezone.now() + timedelta(minutes=minute))
    with world.home.scope():
        mail = InboundMail.objects.get()
        assert (mail.attempts, mail.why) == (3, FAILED_WHY) and "the disk is full" in mail.last_error
    monkeypatch.undo()
    client_of(world.home.greta).post(world.home.url(f"inbound-mails/{mail.pk}/taking/"))
    reading.read_next(world.home.organization.id, at=timezone.now())
    with world.home.scope():
        assert len(received(follow_up)) == 1
