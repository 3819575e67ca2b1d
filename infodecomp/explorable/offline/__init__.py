"""Offline bundles: an essay, or one figure, in a single interactive HTML file that needs no server.

sampling chooses the states of a figure, and budget how many of them; sample and recorder compute and encode
them, interpolation measures what lies between them, codec makes them small, inline_assets puts a page and all
that it loads into one file. static/offline.js decodes the states in the browser.
"""

from infodecomp.explorable.offline.budget import Budget
from infodecomp.explorable.offline.bundle import OfflineBundle, build_bundle, plan_bundle

__all__ = ["Budget", "OfflineBundle", "build_bundle", "plan_bundle"]
