"""The size of the offline bundle of the essay.

`make copy-size` computes the bundle, in minutes, and stores the size of each figure in copy_size.json. A test
estimates from that, in seconds, what the size would be now.
"""

import json
import sys
import time
from pathlib import Path

import torch

from infodecomp.cli.export import open_site
from infodecomp.explorable.offline import OfflineBundle, build_bundle, plan_bundle
from infodecomp.explorable.offline.inline_assets import Fetch
from infodecomp.explorable.offline.recorder import count_states
from infodecomp.explorable.offline.sampling import compressed_size
from tests.first_essay import ESSAY

ROOT = Path(__file__).parent.parent
MEASURED = Path(__file__).with_suffix(".json")


def plan() -> tuple[OfflineBundle, Fetch]:
    library, fetch = open_site(ROOT / "essays")
    return plan_bundle(library, fetch, ESSAY), fetch


def page_size(bundle: OfflineBundle, fetch: Fetch) -> int:
    """The bytes of the bundle without any states: text, pictures, scripts and fonts."""
    html, _ = build_bundle(OfflineBundle(bundle.html, bundle.folder, {}, bundle.fixed), fetch)
    return len(html.encode())


def estimate(bundle: OfflineBundle, fetch: Fetch, measured: dict) -> dict[str, float]:
    """The bytes of the page and of each figure's states as they would be now.

    The measured size of a figure is scaled by its number of states and by the size of its default state.
    Raises KeyError for a figure that has not been measured.
    """
    sizes = {"the page": float(page_size(bundle, fetch))}
    for figure, grids in bundle.grids.items():
        before = measured[figure.name]
        growth = count_states(grids) / before["work"] * compressed_size(figure) / before["weight"]
        sizes[figure.name] = before["bytes"] * growth
    return sizes


def main() -> None:
    """Compute the whole bundle and store the size of each figure."""
    torch.set_num_threads(1)
    started = time.process_time()
    bundle, fetch = plan()
    html, recordings = build_bundle(bundle, fetch)
    measured = {
        recording.figure.name: {
            "bytes": recording.size,
            "states": recording.states,
            "work": count_states(bundle.grids[recording.figure]),
            "weight": compressed_size(recording.figure),
        }
        for recording in recordings
    }
    MEASURED.write_text(json.dumps(measured, indent=1).replace("\n  ", " ").replace("\n }", " }") + "\n")
    for name, figure in sorted(measured.items(), key=lambda item: -item[1]["bytes"]):
        print(f"{figure['bytes']:10,} bytes {figure['states']:6,} states  {name}")
    print(f"{len(html.encode()):10,} bytes in all, {time.process_time() - started:.0f} CPU seconds")


if __name__ == "__main__":
    sys.exit(main())
