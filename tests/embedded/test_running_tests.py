"""bin/test: how it divides the work, what it says when it cannot do all of it, and that there is no way around it."""

import os
import subprocess
import sys

import pytest

from cxm.embedded import testing
from cxm.embedded.keeping import PROJECT
from cxm.embedded.screen import Refusal


@pytest.mark.parametrize(
    "arguments",
    [
        ["tests/embedded/test_ports.py"],
        ["tests/embedded/test_ports.py::test_an_empty_setting_means_the_default"],
        ["-x", "tests/embedded/test_ports.py"],
    ],
)
def test_a_single_file_or_test_runs_in_one_process(arguments):
    assert testing.parallelism(arguments) == ["-n", "0"]


@pytest.mark.parametrize("arguments", [[], ["tests/embedded"], ["-k", "ports"]])
def test_more_than_one_file_runs_in_several_processes(arguments):
    assert 2 <= int(testing.parallelism(arguments)[1]) <= 4


def test_a_number_of_processes_that_was_asked_for_is_left_alone():
    assert testing.parallelism(["-n", "8"]) == []


def test_pytest_alone_says_in_one_sentence_what_to_run_instead():
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("CXM_", "DJANGO_", "PYTEST_"))
    }
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "tests/embedded/test_ports.py"],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 4
    assert "Run the tests with bin/test" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_a_machine_that_must_have_a_browser_and_has_none_is_refused(monkeypatch):
    monkeypatch.setattr(testing, "BROWSERS", ("no-such-browser",))
    monkeypatch.setenv("CXM_REQUIRE_BROWSER", "1")
    with pytest.raises(Refusal, match="there is no Chromium here"):
        testing.main([])


def test_without_a_browser_its_absence_is_said_before_and_after(monkeypatch, capsys):
    monkeypatch.setattr(testing, "BROWSERS", ("no-such-browser",))
    monkeypatch.delenv("CXM_REQUIRE_BROWSER", raising=False)
    monkeypatch.setattr(testing, "start_services", lambda supervisor, directory: {})
    monkeypatch.setattr(testing.Supervisor, "handle_signals", lambda supervisor: None)
    monkeypatch.setattr(testing, "run_pytest", lambda supervisor, arguments, environment: print("12 passed") or 0)
    assert testing.main([]) == 0
    before, after = capsys.readouterr().out.split("12 passed")
    assert "browser tests do NOT run" in before and "browser tests do NOT run" in after


def test_directories_of_killed_runs_are_removed_and_those_in_use_are_not(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    left = tmp_path / f"{testing.DIRECTORY_PREFIX}left"
    left.mkdir()
    (left / "in-use").touch()
    with testing.temporary_directory() as in_use:
        testing.remove_leftovers()
        assert in_use.exists() and not left.exists()
    assert not in_use.exists()
