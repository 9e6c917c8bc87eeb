"""Makes .venv, by uv when it is there and else by pip, with every dependency pinned by hash in both ways."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
ENVIRONMENT = PROJECT / ".venv"
STAMP = ENVIRONMENT / "installed-from"
PINS = {"uv": PROJECT / "uv.lock", "pip": PROJECT / "requirements.lock"}


def main() -> None:
    """Leaves an environment that fits the pins; does nothing, in a few milliseconds, when it does already."""
    with open(PINS["pip"]) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two commands at once must not install into each other
        if is_current():
            return
        started_at = time.monotonic()
        installer = "uv" if shutil.which("uv") else "pip"
        print(f"{os.environ.get('CXM_FIRST_STEP', '')}Python environment by {installer} ... ", end="", flush=True)
        install_by_uv() if installer == "uv" else install_by_pip()
        STAMP.write_text(fingerprint())
        print(f"ready in {time.monotonic() - started_at:.1f} s", flush=True)


def is_current() -> bool:
    python = ENVIRONMENT / "bin" / "python"
    return python.exists() and STAMP.exists() and STAMP.read_text() == fingerprint()


def fingerprint() -> str:
    """Changes when a pin does, or when the directory was moved (scripts in it name their place)."""
    pins = b"".join(path.read_bytes() for path in PINS.values())
    return f"{hashlib.sha256(pins).hexdigest()} {ENVIRONMENT}\n"


def install_by_uv() -> None:
    run("uv", "sync", "--frozen", "--quiet")


def install_by_pip() -> None:
    """A new environment, or the one that is there when it is whole; pip refuses whatever has no matching hash."""
    python = ENVIRONMENT / "bin" / "python"
    if not works(str(python), "-c", "pass"):
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        if not works(sys.executable, "-c", "import ensurepip, venv"):
            version = f"{sys.version_info.major}.{sys.version_info.minor}"
            stop(f"this Python cannot make environments. Debian and Ubuntu: apt-get install python{version}-venv")
        run(sys.executable, "-m", "venv", str(ENVIRONMENT))
    if not works(str(python), "-m", "pip", "--version"):
        run(str(python), "-m", "ensurepip")
    options = ["--quiet", "--disable-pip-version-check", "--no-input", "--no-compile"]
    options += ["--require-hashes", "--only-binary", ":all:"]
    run(str(python), "-m", "pip", "install", *options, "-r", str(PINS["pip"]))


def works(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except OSError:
        return False


def run(*command: str) -> None:
    done = subprocess.run(command, cwd=PROJECT, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        stop(f"{' '.join(command[:4])} ... failed:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")


def stop(why: str) -> None:
    print(f"\nCannot go on: {why}", file=sys.stderr)
    sys.exit(1)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        print("\nStopped. The next start goes on with the installation.", file=sys.stderr)
        sys.exit(130)
