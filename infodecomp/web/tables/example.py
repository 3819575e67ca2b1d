"""The table for readers who have none at hand: hours of the bike rentals, which goes the way of any other."""

import io

from infodecomp.data.bikes import LABELS, PERIODS, TARGET, sample_csv
from infodecomp.tables.table_folder import TableFile
from infodecomp.web.tables.store import TableStore

ROWS = 3000  # a fit takes less than half a minute
ROW_BYTES = 64  # a row has fewer
NAME = "bike rentals.csv"


def add_example(store: TableStore, max_rows: int, max_bytes: int, max_unpacked: int) -> str:
    """Store the table, with its target and its periods chosen already; returns its name.

    Parameters
    ----------
    store : TableStore
    max_rows, max_bytes : int
        Of a table that may be brought; this one keeps to them.
    max_unpacked : int
        See `TableStore.add`.

    Raises
    ------
    NoRoom
        See `TableStore.add`.
    OSError
        If the choices cannot be written; nothing is left of the table then.
    """
    content = io.BytesIO(sample_csv(min(ROWS, max_rows, max_bytes // ROW_BYTES)))
    name = store.add(content, NAME, max_rows, max_unpacked)
    periods = {LABELS.get(column, column): period for column, period in PERIODS.items()}
    chosen = {"target": TARGET, "kinds": dict.fromkeys(periods, "circular"), "periods": periods}
    try:
        store.write(name, TableFile.CHOSEN, chosen)
    except OSError:  # the reader does not learn its address
        store.delete(name)
        raise
    return name
