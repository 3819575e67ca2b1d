"""What the machine allows the server: open files, memory and processors, read once at the start."""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

try:
    import resource
except ImportError:  # not on Windows
    resource = None  # type: ignore[assignment]

RESERVED_FILES = 200  # of a process: libraries, pipes of converters, files that are read, requests that wait
PROCESS_BYTES = 700 * 2**20  # of a process that has rendered every page, without its response cache
CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")
MEMINFO = Path("/proc/meminfo")


@dataclass(frozen=True)
class Machine:
    """Limits of this process.

    Attributes
    ----------
    open_files : int or None
        File descriptors that it may have; None where there is no such limit.
    memory : int or None
        Bytes that it and its children may take; None if that is unknown.
    cores : int
        Processors that it may use.
    """

    open_files: int | None
    memory: int | None
    cores: int

    def connections(self, wanted: int) -> int:
        """How many connections may be open at once: as many as wanted if there are enough descriptors.

        A server that runs out of descriptors cannot accept connections and cannot refuse them either.
        """
        return wanted if self.open_files is None else min(wanted, self.open_files - RESERVED_FILES)

    def describe(self, wanted: int, workers: int, cache_bytes: int) -> list[str]:
        """Say the limits in a line, and in further ones what does not fit into them.

        Parameters
        ----------
        wanted : int
            Connections of each worker process.
        workers : int
        cache_bytes : int
            Of the response cache of each worker process.
        """
        parts = [f"{self.cores} processor{'s' * (self.cores > 1)}"]
        if self.memory is not None:
            parts.append(f"{self.memory / 2**30:.1f} GB of memory")
        if self.open_files is not None:
            parts.append(f"{self.open_files:,} open files")
        usable = self.connections(wanted)
        lines = [f"Limits here: {', '.join(parts)}; up to {usable:,} connections for each process."]
        if usable < wanted:
            lines.append(
                f"That is fewer than the {wanted:,} of INFODECOMP_CONNECTIONS: raise the limit of open files "
                f"to {wanted + RESERVED_FILES:,} or more (ulimit -n, LimitNOFILE) to have them all."
            )
        needed = workers * (PROCESS_BYTES + cache_bytes)
        if self.memory is not None and needed > self.memory:
            lines.append(
                f"{workers} process{'es' * (workers > 1)} with full caches take {needed / 2**30:.1f} GB: "
                "lower WORKERS or INFODECOMP_CACHE_BYTES, or give it more memory."
            )
        return lines


def read_machine() -> Machine:
    """Read the limits of this process, after raising that of open files as far as it may be."""
    cores = len(os.sched_getaffinity(0)) if _HAS_AFFINITY else os.cpu_count() or 1
    return Machine(_raise_open_files(), _read_memory(), cores)


_HAS_AFFINITY = hasattr(os, "sched_getaffinity")


def _raise_open_files() -> int | None:
    if resource is None:
        return None
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        soft = hard
    return None if soft == resource.RLIM_INFINITY else soft


def _read_memory() -> int | None:
    """The memory of the control group if it has a limit, else what the machine has free."""
    with suppress(OSError, ValueError):  # "max" is no limit
        return int(CGROUP_LIMIT.read_text())
    with suppress(OSError):
        for line in MEMINFO.read_text().splitlines():
            if line.startswith("MemAvailable"):
                return int(line.split()[1]) * 1024
    return None
