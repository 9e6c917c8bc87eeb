"""The embedded PostgreSQL and Redis: made once, kept, and closed to whoever has no password."""

import os

import psycopg2
import pytest
import redis

from cxm.embedded.keeping import Keeping
from cxm.embedded.ports import free_port
from cxm.embedded.processes import Supervisor
from cxm.embedded.screen import Refusal
from cxm.embedded.services import Services


@pytest.fixture
def services(tmp_path):
    keeping = Keeping(tmp_path / "var")
    keeping.prepare()
    return Services(keeping, free_port(), free_port(), is_durable=False)


def connect(services: Services, password: str | None = None):
    password = services.secrets["postgres"] if password is None else password
    return psycopg2.connect(
        host="127.0.0.1", port=services.postgres_port, user="postgres", password=password, dbname="postgres"
    )


def test_data_is_still_there_after_a_stop_and_a_start(services):
    for turn in ("first", "second"):
        services.postgres.prepare()
        with Supervisor() as supervisor:
            supervisor.start(services.postgres.program())
            with connect(services) as connection:
                cursor = connection.cursor()
                cursor.execute("CREATE TABLE IF NOT EXISTS kept (turn text)")
                cursor.execute("INSERT INTO kept VALUES (%s)", [turn])
                cursor.execute("SELECT array_agg(turn) FROM kept")
                kept = cursor.fetchone()[0]
            connection.close()
    assert kept == ["first", "second"]


def test_postgresql_runs_without_root_and_wants_its_password(services):
    services.postgres.prepare()
    with Supervisor() as supervisor:
        running = supervisor.start(services.postgres.program())
        assert os.stat(f"/proc/{running.process.pid}").st_uid != 0
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            connect(services, password="guessed")


def test_letters_of_every_language_change_case_and_compare(services):
    services.postgres.prepare()
    with Supervisor() as supervisor:
        supervisor.start(services.postgres.program())
        connection = connect(services)
        cursor = connection.cursor()
        cursor.execute("SELECT upper('straße'), lower('ÉCOLE'), length('كريم')")
        assert cursor.fetchone() == ("STRASSE", "école", 4)
        connection.close()


def test_data_of_another_major_version_is_refused_with_the_way_on(services):
    services.postgres.prepare()
    (services.postgres.data / "PG_VERSION").write_text("17\n")
    with pytest.raises(Refusal, match=r"made by PostgreSQL 17, but PostgreSQL 18"):
        services.postgres.prepare()


def test_an_interrupted_first_start_leaves_nothing_half_made(services, monkeypatch):
    monkeypatch.setattr(services.postgres, "_run", lambda command: (_ for _ in ()).throw(Refusal("no space left")))
    with pytest.raises(Refusal, match="no space left"):
        services.postgres.prepare()
    assert not services.postgres.data.exists()
    assert not (services.postgres.directory / "password").exists()


def test_redis_wants_its_password_and_answers_those_who_know_it(services):
    with Supervisor() as supervisor:
        supervisor.start(services.redis.program())
        assert redis.Redis.from_url(services.redis.url()).ping()
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=services.redis_port).ping()


def test_web_and_workers_are_given_no_address_but_that_of_cxm_app(services):
    given = services.environment()
    assert "cxm_app:" in given["DATABASE_URL"]
    assert not any(services.secrets[role] in value for role in ("postgres", "cxm_owner") for value in given.values())
