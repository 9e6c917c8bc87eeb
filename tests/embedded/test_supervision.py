"""Programs come back when they end, and nothing is left running, whatever happens."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from cxm.embedded.keeping import PROJECT
from cxm.embedded.processes import Supervisor
from cxm.embedded.programs import Program, Stopped
from cxm.embedded.screen import Refusal
from tests.services.waiting import eventually

# Starts a child that ignores SIGTERM, says both process ids, and ignores SIGTERM itself.
STUBBORN = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
ignoring = "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)"
child = subprocess.Popen([sys.executable, "-c", ignoring])
time.sleep(0.3)
print("pids", os.getpid(), child.pid, flush=True)
time.sleep(60)
"""
SLEEP = "print('here', flush=True); import time; time.sleep(60)"
SUPERVISE = """
import sys
from pathlib import Path
from cxm.embedded.processes import Supervisor
from cxm.embedded.programs import Program
with Supervisor() as supervisor:
    command = [sys.executable, "-c", sys.argv[1]]
    program = Program("sleeper", command, {}, Path("/"), lambda running: running.said("here"))
    print(supervisor.start(program).process.pid, flush=True)
    supervisor.watch()
"""


def program(code: str, *, said: str = "", **options) -> Program:
    def is_ready(running):
        return not said or running.said(said)

    return Program("sleeper", [sys.executable, "-c", code], dict(os.environ), Path("/"), is_ready, **options)


def is_running(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_a_program_that_was_killed_is_started_again_and_said_so(capsys):
    with Supervisor() as supervisor:
        running = supervisor.start(program(SLEEP, said="here"))
        first = running.process.pid
        running.process.kill()
        running.started_at -= 60
        watching = threading.Thread(target=supervisor.watch)
        watching.start()
        eventually(lambda: running.process.pid != first and running.said("here"), within=60)
        supervisor.stop.set()
        watching.join()
    assert "was ended by SIGKILL; starting it again" in capsys.readouterr().out
    assert not is_running(running.process.pid)


def test_a_program_that_ends_at_once_is_started_again_later_each_time():
    with Supervisor() as supervisor:
        running = supervisor.start(program("pass"))
        first = running.started_at
        watching = threading.Thread(target=supervisor.watch)
        watching.start()
        eventually(lambda: running.quick_deaths == 2, within=60)
        supervisor.stop.set()
        watching.join()
        assert running.started_at - first >= 3  # one second after the first end, two more after the second


def test_children_of_a_program_that_ignores_the_signal_are_gone_too():
    with Supervisor() as supervisor:
        running = supervisor.start(program(STUBBORN, said="pids", stop_seconds=0.5))
        pids = [int(pid) for pid in running.lines[-1].split()[1:]]
        assert all(map(is_running, pids))
    assert not any(map(is_running, pids))


def test_a_service_is_asked_to_stop_only_when_those_who_use_it_are_gone(tmp_path):
    end = "lambda *_: (time.sleep({}), open({!r}, 'a').write({!r}), sys.exit())"
    note = f"import signal, sys, time; signal.signal(15, {end})"
    wait = "; print('here', flush=True); time.sleep(60)"
    ended = str(tmp_path / "ended")
    with Supervisor() as supervisor:
        supervisor.start(program(note.format(0, ended, "database ") + wait, said="here", serves_others=True))
        supervisor.start(program(note.format(0.5, ended, "web ") + wait, said="here"))
    assert Path(ended).read_text() == "web database "


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel tells children of their parent's death on Linux only")
def test_nothing_is_left_when_the_supervisor_itself_is_killed():
    supervising = subprocess.Popen(
        [sys.executable, "-c", SUPERVISE, SLEEP], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )
    assert supervising.stdout is not None
    child = int(supervising.stdout.readline())
    assert is_running(child)
    supervising.kill()
    supervising.wait()
    eventually(lambda: not is_running(child), what="the child's end")


def test_a_program_that_fails_while_starting_is_a_refusal_with_its_last_words():
    with Supervisor() as supervisor, pytest.raises(Refusal, match=r"code 3 while starting:\n    no disk left"):
        supervisor.start(program("print('no disk left'); raise SystemExit(3)", said="here"))


def test_a_program_that_is_never_ready_is_a_refusal():
    with Supervisor() as supervisor, pytest.raises(Refusal, match="not ready within 0 s"):
        supervisor.start(program(SLEEP, said="something else", ready_within=0.4))


def test_a_command_that_fails_is_a_refusal_with_its_last_words():
    with Supervisor() as supervisor, pytest.raises(Refusal, match=r"ended with code 1:\n    table is missing"):
        supervisor.run(program("print('table is missing'); raise SystemExit(1)"))


def test_a_stop_asked_for_during_the_start_ends_the_start():
    with Supervisor() as supervisor:
        threading.Timer(0.3, supervisor.stop.set).start()
        with pytest.raises(Stopped):
            supervisor.start(program(SLEEP, said="never"))


def test_the_second_interrupt_kills_instead_of_waiting():
    started_at = time.monotonic()
    with Supervisor() as supervisor:
        supervisor.start(program(STUBBORN, said="pids", stop_seconds=30))
        supervisor._on_signal(signal.SIGINT, None)
        supervisor._on_signal(signal.SIGINT, None)
    assert time.monotonic() - started_at < 20


def test_output_is_kept_in_a_log_named_after_the_program(tmp_path):
    with Supervisor(logs=tmp_path) as supervisor:
        supervisor.run(program("print('one'); print('two')"))
    assert (tmp_path / "sleeper.log").read_text() == "one\ntwo\n"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_a_program_gives_up_root_and_still_reaches_a_private_directory(tmp_path):
    from cxm.embedded.programs import Identity

    private = tmp_path / "home"
    (private / "project").mkdir(parents=True)
    (private / "project" / "file").write_text("found")
    private.chmod(0o700)
    look = f"import os; print(os.getuid(), open({str(private / 'project' / 'file')!r}).read())"
    with Supervisor(logs=tmp_path) as supervisor:
        supervisor.run(program(look, identity=Identity(65534, 65534, enter_private_directories=True)))
    assert (tmp_path / "sleeper.log").read_text() == "65534 found\n"
