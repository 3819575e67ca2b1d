"""How large the copy of the whole essay is. `make copy-size` computes it, in minutes, and keeps what each figure takes in copy_size.json;
a test estimates from that, in seconds, what the copy would be now."""

import json
import sys
import time
from pathlib import Path

import torch

from infodecomp.cli.export import _site
from infodecomp.explorable.offline import copy_page, make_copy
from infodecomp.explorable.offline.bundle import Copy
from infodecomp.explorable.offline.recorder import work
from infodecomp.explorable.offline.sampling import weight
from tests.first_essay import ESSAY

ROOT = Path(__file__).parent.parent
KEPT = Path(__file__).with_suffix(".json")


def copied() -> tuple[Copy, object]:
    app, get = _site(ROOT / "essays")
    return copy_page(app.site.library, get, ESSAY), get


def bare_page(copy: Copy, get) -> int:
    """The bytes of the copy without any state: its words, pictures, script and typeface."""
    html, _ = make_copy(Copy(copy.html, copy.folder, {}, copy.fixed), get)
    return len(html.encode())


def estimate(copy: Copy, get, kept: dict) -> dict[str, float]:
    """The bytes of each figure's states, and of the page around them, as they would be now.

    A figure takes what it took when all was computed, times how many more states it holds, times how much heavier its default picture
    and its table have become. Raises KeyError for a figure that was not there then.
    """
    return {"the page": bare_page(copy, get)} | {
        figure.name: kept[figure.name]["bytes"]
        * work(grids)
        / kept[figure.name]["work"]
        * weight(figure)
        / kept[figure.name]["weight"]
        for figure, grids in copy.held.items()
    }


def main() -> None:
    """Compute the whole copy and keep what it takes."""
    torch.set_num_threads(1)
    began = time.process_time()
    copy, get = copied()
    html, recordings = make_copy(copy, get)
    kept = {
        one.figure.name: {
            "bytes": len(one.body.encode()),
            "states": one.states,
            "work": work(copy.held[one.figure]),
            "weight": weight(one.figure),
        }
        for one in recordings
    }
    KEPT.write_text(json.dumps(kept, indent=1).replace("\n  ", " ").replace("\n }", " }") + "\n")
    for name, taken in sorted(kept.items(), key=lambda item: -item[1]["bytes"]):
        print(f"{taken['bytes']:10,} bytes {taken['states']:6,} states  {name}")
    print(f"{len(html.encode()):10,} bytes in all, {time.process_time() - began:.0f} CPU seconds")


if __name__ == "__main__":
    sys.exit(main())
