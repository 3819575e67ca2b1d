"""Offline bundles: an essay, or one figure, in a single interactive HTML file that needs no server.

sampling chooses the states of a figure, sample and recorder compute and encode them, interpolation measures
what lies between them, codec makes them small, inline_assets puts a page and all that it loads into one
file. static/offline.js decodes the states in the browser.
"""

from infodecomp.explorable.offline.bundle import OfflineBundle, build_bundle, plan_bundle

__all__ = ["OfflineBundle", "build_bundle", "plan_bundle"]
