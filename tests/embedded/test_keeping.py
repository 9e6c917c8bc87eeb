"""var/ belongs to one bin/up at a time, and its secrets to its owner."""

import json
import os
import subprocess
import sys

import pytest

from cxm.embedded.keeping import PROJECT, SECRET_NAMES, Keeping
from cxm.embedded.screen import Refusal

HOLD = """
import sys, time
from pathlib import Path
from cxm.embedded.keeping import Keeping
with Keeping(Path(sys.argv[1])).locked(address="http://localhost:8000"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_bin_up_is_told_which_one_runs_and_where(tmp_path):
    keeping = Keeping(tmp_path)
    second = Keeping(tmp_path).locked(address="http://localhost:8010")
    with keeping.locked(address="http://localhost:8000"), pytest.raises(Refusal) as refusal, second:
        pass
    assert f"process {os.getpid()}" in str(refusal.value)
    assert "http://localhost:8000" in str(refusal.value)


def test_the_lock_of_a_killed_bin_up_is_free_and_its_end_known_as_untidy(tmp_path):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None and holder.stdout.readline() == "held\n"
    holder.kill()
    holder.wait()
    with Keeping(tmp_path).locked(address="") as ended_untidily:
        assert ended_untidily
    with Keeping(tmp_path).locked(address="") as ended_untidily:
        assert not ended_untidily


def test_secrets_are_made_once_and_readable_by_their_owner_alone(tmp_path):
    keeping = Keeping(tmp_path)
    made = keeping.secrets()
    assert set(made) == set(SECRET_NAMES) and len(set(made.values())) == len(made)
    assert len(made["secret_key"]) >= 50
    assert keeping.secrets() == Keeping(tmp_path).secrets() == made
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_a_secret_that_a_new_version_needs_joins_the_old_ones(tmp_path):
    keeping = Keeping(tmp_path)
    old = keeping.secrets()
    without = {name: value for name, value in old.items() if name != "redis"}
    (tmp_path / "secrets.json").write_text(json.dumps(without))
    new = keeping.secrets()
    assert new["redis"] != old["redis"] and {**new, "redis": ""} == {**old, "redis": ""}


def test_erasing_leaves_nothing_but_the_lock_of_the_one_who_erases(tmp_path):
    keeping = Keeping(tmp_path)
    with keeping.locked(address=""):
        keeping.prepare()
        keeping.secrets()
        (keeping.mails / "1.eml").write_text("")
        keeping.erase()
        assert [entry.name for entry in tmp_path.iterdir()] == ["up.lock"]
