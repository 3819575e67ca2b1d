"""A copy of an essay, or of one figure, in one file that needs neither server nor network, its figures alive.

states chooses which states of a figure the copy holds, recording computes and measures them, packing makes them small,
single_file puts a page and all that it loads into one file; static/offline.js answers for the server there.
"""

from infodecomp.explorable.offline.bundle import Copy, copy_page, make_copy, place_for, write_whole

__all__ = ["Copy", "copy_page", "make_copy", "place_for", "write_whole"]
