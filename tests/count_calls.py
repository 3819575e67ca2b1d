"""Count our own calls and files for a slider move: `python -m tests.count_calls`, with sys.setprofile."""

import sys
import threading
from collections import Counter
from pathlib import Path

from werkzeug.test import create_environ, run_wsgi_app

from infodecomp.web.factory import create_app

ROOT = Path(__file__).parent.parent
OWN = tuple(str(ROOT / name) for name in ("app.py", "infodecomp", "essays"))
MOVE = "_fields=svg%2Ctexts%2Cvoice%2Cdescription%2Cparameters&_width=640"
FIGURE = "/figures/storm-telegraph.json"


class Profile:
    """Counts the calls of our own functions, by file, in all threads that start after it was installed."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        threading.setprofile(self)
        sys.setprofile(self)

    def __call__(self, frame, event, argument) -> None:
        """Count an event of the interpreter."""
        if event == "call" and frame.f_code.co_filename.startswith(OWN):
            self.calls[frame.f_code.co_filename] += 1


def get(app, query: str) -> None:
    """Send a request through the whole WSGI stack."""
    headers = {"Accept-Encoding": "gzip, deflate, br"}
    environ = create_environ(FIGURE, "http://127.0.0.1:5000/", query_string=query, headers=headers)
    _, status, _ = run_wsgi_app(app.wsgi_app, environ, buffered=True)
    assert status == "200 OK", status


def main() -> None:
    """Print the calls of an uncached and of a cached move."""
    profile = Profile()
    app = create_app({"LOG": 1})
    get(app, f"bits_a=.11&{MOVE}")  # imports, and what the figure prepares once
    for name in ("uncached", "cached"):
        profile.calls.clear()
        get(app, f"bits_a=.37&{MOVE}")
        calls = Counter(profile.calls)
        print(f"{name}: {calls.total()} calls in {len(calls)} files")
        for file, number in calls.most_common():
            print(f"  {number:5} {Path(file).relative_to(ROOT)}")


if __name__ == "__main__":
    main()
