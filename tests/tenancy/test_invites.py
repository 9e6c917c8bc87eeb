"""Invitations: bound to an address, over after a week, taken back at will; the link is signed and nowhere stored."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from tenancy import invites
from tenancy.accounts import create_verified_user
from tenancy.audit import Actor
from tenancy.models import AuditEntry, Membership, MembershipInvite, OutgoingMail
from tenancy.outbox import send_batch
from tenancy.roles import Role

NORA = "nora@elsewhere.example"


@pytest.fixture
def nora(world):
    return create_verified_user(email=NORA, password="a long enough password", name="Nora")


@pytest.fixture
def invite(world) -> MembershipInvite:
    return invited(world)


def invited(world, email=NORA, role=Role.ANALYST, at=None) -> MembershipInvite:
    with world.home.scope():
        ana = world.home.ana
        return invites.invite_member(email=email, role=role, by=ana, actor=Actor.of_user(ana), at=at)


def path_of(invite) -> str:
    return reverse("membership_invite_accept", args=[invites.make_token(invite.pk)])


def role_of(world, user) -> str | None:
    with world.home.scope():
        return Membership.objects.filter(user=user).values_list("role", flat=True).first()


def test_admin_invites_and_the_mail_leads_to_the_organization(client, world, nora):
    client.force_login(world.home.ana)
    values = {"email": "Nora@Elsewhere.example", "role": "analyst"}
    assert client.post(reverse("membership_invite", kwargs={"org": "northwind"}), values).status_code == 302
    assert send_batch_outside(world) == 1
    message = mail.outbox[0]
    assert (message.to, message.subject) == ([NORA], "Ana Northwind invites you to Northwind")
    path = re.search(r"(/invitations/\S+)", message.body)[1]
    assert path in message.alternatives[0].content
    client.force_login(nora)
    assert "Join Northwind?" in client.get(path).content.decode()
    assert role_of(world, nora) is None, "looking changes nothing"
    assert client.post(path).url == "/o/northwind/"
    assert role_of(world, nora) == Role.ANALYST


def send_batch_outside(world) -> int:
    return send_batch(world.home.organization.id, at=timezone.now() + timedelta(seconds=1))


def test_no_secret_lies_in_the_database(world, invite):
    signature = invites.make_token(invite.pk).split(".")[1]
    with world.home.scope(), connection.cursor() as cursor:
        for table in ("tenancy_membershipinvite", "tenancy_outgoingmail", "tenancy_auditentry"):
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM \"{table}\" t")
            assert signature not in (cursor.fetchone()[0] or "")


@pytest.mark.parametrize("spoil", [lambda t: t[:-1], lambda t: t + "x", lambda t: "f" + t[1:], lambda t: t.upper()])
def test_token_that_was_tampered_with_is_like_one_that_is_over(client, world, invite, nora, spoil):
    client.force_login(nora)
    spoilt = client.get(reverse("membership_invite_accept", args=[spoil(invites.make_token(invite.pk))]))
    with world.home.scope():
        invites.revoke_invite(invite, by=Actor.of_user(world.home.ana))
    over = client.get(path_of(invite))
    assert spoilt.status_code == over.status_code == 404
    assert spoilt.content == over.content


def test_older_key_still_opens_the_link(world, invite, settings):
    token, old = invites.make_token(invite.pk), settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another" * 8, [old]
    assert invites.read_token(token) == invite.pk
    settings.SECRET_KEY_FALLBACKS = []
    assert invites.read_token(token) is None


def test_other_person_learns_neither_address_nor_gets_in(client, world, invite):
    client.force_login(world.other.greta)
    for call in (client.get, client.post):
        page = call(path_of(invite))
        assert page.status_code == 403
        assert NORA not in page.content.decode()
    assert role_of(world, world.other.greta) is None


def test_address_must_be_confirmed(client, world, invite):
    pretender = create_verified_user(email="pretender@elsewhere.example", password=None)
    EmailAddress.objects.create(user=pretender, email=NORA, verified=False)
    client.force_login(pretender)
    assert client.post(path_of(invite)).status_code == 403
    EmailAddress.objects.filter(user=pretender, email=NORA).update(verified=True)
    assert client.post(path_of(invite)).status_code == 302


def test_person_who_is_not_signed_in_is_sent_to_sign_in_and_comes_back(client, world, invite):
    page = client.get(path_of(invite)).content.decode()
    assert f'href="/accounts/login/?next={path_of(invite).replace("/", "%2F")}"' in page
    assert f'href="/accounts/signup/?next={path_of(invite).replace("/", "%2F")}"' in page
    assert NORA not in page
    assert client.post(path_of(invite)).status_code == 200


def test_new_person_signs_up_first_and_comes_back(client, world, invite):
    values = {"name": "Nora", "email": NORA, "password1": "a long enough password", "next": path_of(invite)}
    client.post(reverse("account_signup"), values)
    path = re.search(r"(/accounts/confirm-email/\S+)", mail.outbox[-1].body)[1]
    answer = client.post(path)
    assert answer.url == path_of(invite)
    assert client.post(answer.url).url == "/o/northwind/"


def test_accepting_twice_makes_one_membership(client, world, invite, nora):
    client.force_login(nora)
    assert [client.post(path_of(invite)).url for _ in range(2)] == ["/o/northwind/"] * 2
    with world.home.scope():
        assert Membership.objects.filter(user=nora).count() == 1
        assert AuditEntry.objects.filter(verb="membership_invite.accepted").count() == 1


def test_accepted_link_does_not_let_a_removed_person_in_again(client, world, invite, nora):
    client.force_login(nora)
    client.post(path_of(invite))
    with world.home.scope():
        Membership.objects.filter(user=nora).delete()
    assert client.post(path_of(invite)).status_code == 404
    assert role_of(world, nora) is None


def test_link_is_over_after_a_week(client, world, nora):
    invite = invited(world, at=timezone.now() - timedelta(days=7))
    client.force_login(nora)
    assert client.get(path_of(invite)).status_code == 404
    assert client.post(path_of(invite)).status_code == 404


def test_sending_again_makes_it_hold_for_another_week(client, world, nora):
    invite = invited(world, at=timezone.now() - timedelta(days=8))
    client.force_login(world.home.ana)
    client.post(reverse("membership_invite_resend", kwargs={"org": "northwind", "pk": invite.pk}))
    with world.home.scope():
        assert OutgoingMail.objects.filter(template="membership_invite").count() == 2
    client.post(reverse("membership_invite_resend", kwargs={"org": "northwind", "pk": invite.pk}))
    with world.home.scope():
        assert OutgoingMail.objects.filter(template="membership_invite").count() == 2, "not twice in a minute"
    client.force_login(nora)
    assert client.post(path_of(invite)).status_code == 302


def test_inviting_again_takes_the_earlier_link_back(client, world, nora):
    earlier, later = invited(world), invited(world, role=Role.VIEWER)
    client.force_login(nora)
    assert client.post(path_of(earlier)).status_code == 404
    assert client.post(path_of(later)).status_code == 302
    assert role_of(world, nora) == Role.VIEWER


def test_member_is_not_invited(client, world):
    client.force_login(world.home.ana)
    values = {"email": "GRETA@northwind.example", "role": "admin"}
    page = client.post(reverse("membership_invite", kwargs={"org": "northwind"}), values)
    assert page.status_code == 422
    assert "is a member already" in page.content.decode()


def test_organization_cannot_write_to_strangers_without_end(client, world, monkeypatch):
    monkeypatch.setattr(invites, "MOST_A_DAY", 2)
    for email in ("one@elsewhere.example", "two@elsewhere.example"):
        invited(world, email=email)
    client.force_login(world.home.ana)
    values = {"email": "three@elsewhere.example", "role": "viewer"}
    assert client.post(reverse("membership_invite", kwargs={"org": "northwind"}), values).status_code == 422


def test_member_who_accepts_keeps_their_role(client, world):
    invite = invited(world, email="second@northwind.example", role=Role.ADMIN)
    EmailAddress.objects.create(user=world.home.victor, email="second@northwind.example", verified=True)
    client.force_login(world.home.victor)
    assert client.post(path_of(invite)).status_code == 302
    assert role_of(world, world.home.victor) == Role.VIEWER


def test_database_holds_one_open_invitation_an_address(world, invite):
    with world.home.scope(), pytest.raises(IntegrityError), transaction.atomic():
        MembershipInvite.objects.create(email=NORA, role="viewer", expires_at=timezone.now())
