"""bin/bench footprint: memory of every process, idle and under load; cold start; what a respondent's phone downloads.

Memory is proportional (PSS): what processes share is counted once. The baseline is a bare Python that imported Django.
"""

import gzip
import re
import subprocess
import sys
import time

from benchmarks.clients import Connection
from benchmarks.ground import Ground, form_body
from benchmarks.intake import _survey
from benchmarks.measuring import say
from benchmarks.stack import Stack

BARE = "import django, time, sys; print('ready', flush=True); time.sleep(30)"


def main(arguments: list[str]) -> int:
    started = time.perf_counter()
    with Stack(workers=1) as stack:
        cold_start = time.perf_counter() - started
        ground = Ground(stack, asks=1200)
        page = _page(stack, ground.tokens[0])
        time.sleep(15)
        idle = _mib(stack.memory())
        _survey(stack, ground.tokens[1:], 32)
        loaded = _mib(stack.memory())
    bare = _bare_python()
    result = {
        "idle_mib": idle | {"all": sum(idle.values())},
        "loaded_mib": loaded | {"all": sum(loaded.values())},
        "bare_python_mib": bare,
        "ratio_to_bare_python": round(sum(idle.values()) / bare, 1),
        "cold_start_seconds": round(cold_start, 1),
        "respondent_page": page,
    }
    say(result)
    return 0


def _page(stack: Stack, token: str) -> dict[str, int]:
    """Bytes (compressed) and requests of a first visit: the page and every stylesheet it names."""
    connection = Connection(stack.web_port)
    html = connection.request("GET", f"/r/{token}/?score=9").body
    sheets = re.findall(rb'<link[^>]*rel="stylesheet"[^>]*href="([^"]+)"', html)
    scripts = len(re.findall(rb"<script", html))
    sizes = [len(gzip.compress(html))]
    for sheet in sheets:
        reply = connection.request("GET", sheet.decode(), Accept_Encoding="br, gzip")
        encoded = "content-encoding" in reply.headers
        sizes.append(len(reply.body) if encoded else len(gzip.compress(reply.body)))
    return {"bytes": sum(sizes), "requests": len(sizes), "scripts": scripts, "answer_bytes": len(form_body(9))}


def _bare_python() -> int:
    process = subprocess.Popen([sys.executable, "-c", BARE], stdout=subprocess.PIPE)
    process.stdout.readline()
    with open(f"/proc/{process.pid}/smaps_rollup") as lines:
        kib = next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    process.kill()
    process.wait()
    return round(kib / 1024)


def _mib(memory: dict[str, int]) -> dict[str, int]:
    return {name: round(kib / 1024) for name, kib in memory.items()}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
