"""The folder of a reader's table: what the server and the process that reads the table leave there."""

from enum import StrEnum


class TableFile(StrEnum):
    """The files in it, beside the results that can be downloaded."""

    TABLE = "table"  # CSV or Parquet: its first bytes say which
    ABOUT = "about.json"  # its name, age and limits; a folder without it is no table, or not any more
    COLUMNS = "columns.json"  # what each column would be taken for
    OPTIONS = "options.json"  # of the decomposition that goes on or has ended
    CHOSEN = "chosen.json"  # the options with which the form opens
    PROGRESS = "progress.json"  # the last step, and a sentence about it
    GROWTH = "growth.json"  # the information plane so far
    CHECKPOINT = "fit.safetensors"  # from which a fit that was cut off goes on
    SECOND_CHECKPOINT = "fit-annealed.safetensors"  # of a second fit, for columns that matter only together
    RESULTS = "page.json"  # written last
    ERROR = "error.json"  # what went wrong, as a sentence
    LOCK = "running"  # is locked by a process that works on the table, and by the one that watches it
