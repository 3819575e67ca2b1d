"""Killed processes, and several side by side: nothing half-written is read, nothing is left over."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from tests.first_essay import ESSAY
from tests.load import family

ROOT = Path(__file__).parent.parent
STATES = (
    "/figures/storm-telegraph.json?bits_a=.41",
    "/figures/board-information.json?step=500",
    ESSAY,
    "/readyz",
)


@contextmanager
def process(**environment):
    """The server as it is documented: a process of its own. Gives it and its port."""
    web = subprocess.Popen(
        [sys.executable, "app.py"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ | {"HOST": "127.0.0.1", "PORT": "0"} | environment,
    )
    try:
        yield web, int(re.search(r":(\d+)/", web.stdout.readline())[1])
    finally:
        for pid in family([web.pid]) if web.poll() is None else ():
            os.kill(pid, signal.SIGKILL)
        web.wait()


def get(port: int, path: str, timeout: float = 30):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=timeout) as reply:
        return reply.status, reply.headers["ETag"], reply.read()


def again_and_again(work, *given) -> None:
    """In a thread, until the server is gone."""

    def run():
        while True:
            try:
                work(*given)
            except urllib.error.HTTPError:  # it is busy
                time.sleep(0.01)
            except (OSError, http.client.HTTPException):
                return

    threading.Thread(target=run, daemon=True).start()


def alive(one: int) -> bool:
    try:
        return Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_server_that_is_killed_in_the_middle_of_everything_starts_again_and_serves_all(tmp_path):
    messages = tmp_path / "messages.jsonl"

    def post(port, text="x" * 3000):
        urllib.request.urlopen(
            f"http://127.0.0.1:{port}/feedback",
            urllib.parse.urlencode({"message": text}).encode(),
            timeout=10,
        )

    with process(INFODECOMP_FEEDBACK=str(messages)) as (web, port):
        again_and_again(get, port, "/figures/board-information/stream?step=0&board_seed=7&_play=step")
        again_and_again(
            get, port, "/figures/storm-telegraph.png?bits_a=.42&_width=1900&_height=1900&_download=1"
        )
        for _ in range(3):
            again_and_again(post, port)
        get(port, "/figures/storm-telegraph.png?bits_a=.43")
        helpers = family([web.pid])[1:]
        assert len(helpers) > 1, "a worker, and a converter beside it"
        for pid in (web.pid, *helpers[:1]):
            os.kill(pid, signal.SIGKILL)
        web.wait()
    end = time.monotonic() + 10
    while any(alive(one) for one in helpers):
        assert time.monotonic() < end, "a converter outlived its server"
        time.sleep(0.05)
    lines = messages.read_bytes().split(b"\n")
    assert lines.pop() == b"" and lines and all(len(json.loads(line)["message"]) == 3000 for line in lines)
    with process(INFODECOMP_FEEDBACK=str(messages)) as (_, port):
        for path in (*STATES, "/figures/storm-telegraph.png?bits_a=.44"):
            assert get(port, path)[0] == 200
        assert b"event: done" in get(port, "/figures/board-information/stream?step=995&_play=step")[2]


WRITER = """
import sys
from pathlib import Path
from infodecomp.artifacts import write_atomic
print("begun", flush=True)
for number in range(10**6):
    write_atomic(Path(sys.argv[1]), bytes([number % 256]) * 5_000_000)
"""


def test_a_file_is_the_old_one_or_the_new_one_however_its_writer_dies(tmp_path):
    file = tmp_path / "model.safetensors"
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(file)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    writer.stdout.readline()
    while not file.exists():
        time.sleep(0.01)
    for _ in range(20):
        body = file.read_bytes()
        assert len(body) == 5_000_000 and len(set(body)) == 1
    writer.kill()
    writer.wait()
    body = file.read_bytes()
    assert len(body) == 5_000_000 and len(set(body)) == 1
