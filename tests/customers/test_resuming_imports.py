"""An import survives whatever happens to its worker: no row is stored twice, none is left out."""

import os
import signal
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from customers import customer_import
from customers.importing import working
from customers.models import Customer, ImportChunk, ImportJob, ImportRefusal
from tests.customers.importing import check, counts, fresh, import_file, refusals, upload, work


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    monkeypatch.setattr(working, "BATCH", 10)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "customers.csv"


def rows(count, twice=()):
    lines = [f"N-{number},n{number}@example.com,Name {number}" for number in range(count)]
    return "\n".join(["id,email,name", *lines, *(lines[number] for number in twice)])


def names(ground):
    with ground.scope():
        return Customer.objects.filter(external_id__startswith="N-").count()


def start(ground, file, content):
    """A job that is checked and due to be stored."""
    from customers.importing import jobs
    from tenancy.audit import Actor

    job = check(ground, upload(ground, file, content))
    with ground.scope():
        jobs.run(job, by=Actor.of_user(ground.anton), at=timezone.now())
    return fresh(ground, job)


def later(ground, job):
    """The lease of a dead worker has run out."""
    with ground.scope():
        ImportJob.objects.filter(pk=job.pk).update(
            lease_until=timezone.now() - timedelta(seconds=1), due_at=timezone.now()
        )


@pytest.mark.django_db(transaction=True)
def test_worker_killed_between_two_batches_is_followed_by_one_that_goes_on(world, file):
    job = start(world.home, file, rows(55, twice=[3, 40]))
    child = os.fork()
    if not child:
        # The parent's connection must be neither used nor closed here.
        connection.connection = None
        taken = working._take
        batches = []

        def take_then_die(claim, batch):
            if len(batches) == 3:
                os.kill(os.getpid(), signal.SIGKILL)
            batches.append(batch)
            taken(claim, batch)

        working._take = take_then_die
        try:
            working.work(world.home.organization.id)
        finally:
            os._exit(9)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL

    assert (fresh(world.home, job).rows_done, names(world.home)) == (30, 30)
    assert working.work(world.home.organization.id) == 0  # the dead worker's lease still holds
    later(world.home, job)
    job = work(world.home, job)
    assert (job.state, counts(job), names(world.home)) == ("finished", {"new": 55, "refused": 2}, 55)
    assert [row for row, _, _ in refusals(world.home, job)] == [57, 58]


@pytest.mark.django_db(transaction=True)
def test_slices_of_a_long_file_add_up(world, file):
    job = start(world.home, file, rows(95, twice=[0]))
    slices = 0
    while working.work(world.home.organization.id, slice_seconds=0):
        slices += 1
    job = fresh(world.home, job)
    assert slices == 10
    assert (job.state, counts(job), names(world.home)) == ("finished", {"new": 95, "refused": 1}, 95)


def test_worker_that_lost_its_lease_writes_nothing_more(world, file, monkeypatch):
    job = start(world.home, file, rows(30))
    taken = working._take

    def somebody_else_claims(claim, batch):
        with world.home.scope():
            ImportJob.objects.filter(pk=job.pk).update(fence=claim.job.fence + 1)
        taken(claim, batch)

    monkeypatch.setattr(working, "_take", somebody_else_claims)
    assert working.work(world.home.organization.id) == 1
    assert names(world.home) == 0
    assert fresh(world.home, job).state == "running"


def test_worker_that_dies_three_times_at_one_place_sets_the_import_aside(world, file):
    job = start(world.home, file, rows(30))
    for _ in range(3):
        assert working._claim(world.home.organization.id) is not None
        later(world.home, job)
    assert working.work(world.home.organization.id) == 0
    job = fresh(world.home, job)
    assert job.state == "failed"
    assert "stopped 3 times" in job.error


def test_error_is_shown_and_the_job_waits_before_the_next_try(world, file, monkeypatch):
    job = start(world.home, file, rows(30))

    def breaks(claim, batch):
        raise ZeroDivisionError("a bug")

    with monkeypatch.context() as patch:
        patch.setattr(working, "_take", breaks)
        with pytest.raises(ZeroDivisionError):
            working.work(world.home.organization.id)
    job = fresh(world.home, job)
    assert (job.state, job.lease_until) == ("running", None)
    assert "a bug" in job.error
    assert job.due_at > timezone.now()
    assert working.work(world.home.organization.id) == 0
    later(world.home, job)
    job = work(world.home, job)
    assert (job.state, job.error, names(world.home)) == ("finished", "", 30)


def test_customer_stored_by_somebody_else_meanwhile_is_no_failure(world, file, monkeypatch):
    job = start(world.home, file, rows(5))
    insert, calls = customer_import._insert, []

    def somebody_was_quicker(customers, *, at):
        insert(customers, at=at)
        if not calls:
            calls.append(1)
            insert(customers[:1], at=at)

    monkeypatch.setattr(customer_import, "_insert", somebody_was_quicker)
    assert counts(work(world.home, job)) == {"new": 5}


def test_file_that_breaks_in_the_middle_fails_before_anything_is_stored(world, file):
    job = check(world.home, upload(world.home, file, rows(2500) + '\nN-x,x@example.com,"open'))
    assert job.state == "failed"
    assert "quotation mark" in job.error
    assert job.rows_done == 0


def test_other_organizations_are_not_seen(world, file):
    job = start(world.home, file, rows(3))
    assert working.work(world.other.organization.id) == 0
    assert fresh(world.home, job).rows_done == 0


@pytest.mark.django_db(transaction=True)
def test_sweep_finds_work_of_every_organization(world, file):
    jobs = [(ground, start(ground, file, rows(3))) for ground in (world.home, world.other)]
    assert working.work_on_due_imports() == 6
    assert [fresh(*each).state for each in jobs] == ["finished", "finished"]


def test_files_and_refused_rows_are_forgotten_thirty_days_after_the_end(world, file):
    from customers.importing.forgetting import forget

    job = import_file(world.home, file, rows(3, twice=[1]))
    waiting = upload(world.home, file, rows(2))
    now = timezone.now()
    assert forget(world.home.organization.id, at=now + timedelta(days=29)) == 0
    assert forget(world.home.organization.id, at=now + timedelta(days=31)) == 2
    with world.home.scope():
        assert not ImportChunk.objects.exists()
        assert not ImportRefusal.objects.exists()
    for each in (job, waiting):
        each = fresh(world.home, each)
        assert "sample" not in each.file_facts
        assert each.file_name == "customers.csv"
    assert counts(fresh(world.home, job)) == {"new": 3, "refused": 1}
    assert forget(world.home.organization.id, at=now + timedelta(days=31)) == 0
