"""What is stored, in words: the text of models/README.md, generated from the records."""

from infodecomp.artifacts import read_record
from infodecomp.errors import CheckpointError
from infodecomp.experiments.registry import Experiment, Registry

HEADER = """# The models

Generated from the records by `make models-readme`; do not edit. Each model is one .safetensors file with a
record of the same name: settings, seed, versions, CPU seconds, scores and the sha256 of the file. A damaged
or missing file leaves every figure working that does not need it. `infodecomp train NAME` makes a model again
and continues where it was interrupted; `infodecomp verify` compares all files with their records.
BENCHMARKS.md has the measurements of the training recipe over several splits and seeds.
"""
SHOWN_SCORES = 15  # of a run; the record has all


def stored_size(experiment: Experiment) -> int | None:
    """Bytes of the stored file and its record; None if either is missing."""
    try:
        return sum(path.stat().st_size for path in (experiment.file, experiment.file.with_suffix(".json")))
    except OSError:
        return None


def models_readme(registry: Registry) -> str:
    """The text of models/README.md.

    Raises
    ------
    CheckpointError
        If a stored file is missing or damaged.
    """
    return HEADER + "".join(_section(registry[name], registry.used_by[name]) for name in sorted(registry))


def _section(experiment: Experiment, used_by: list[str]) -> str:
    record, size = read_record(experiment.file), stored_size(experiment)
    if size is None:
        raise CheckpointError(f"{experiment.file} is missing.")
    versions = ", ".join(f"{name} {number}" for name, number in record["versions"].items())
    lines = [
        "",
        f"## {experiment.name}",
        "",
        experiment.summary,
        "",
        f"{size / 1000:.0f} kB, {record['cpu_seconds']:g} CPU seconds ({versions}). "
        f"Used by: {', '.join(used_by) or 'no essay'}.",
        "",
        "| run | settings | scores |",
        "|---|---|---|",
    ]
    for name, run in record["runs"].items():
        settings = ", ".join(f"{key} {_short(value)}" for key, value in run["config"].items())
        scores = [f"{key} {value:.4g}" for key, value in run["scores"].items()]
        more = [f"and {len(scores) - SHOWN_SCORES} more"] if len(scores) > SHOWN_SCORES else []
        lines.append(f"| {name or 'the only one'} | {settings} | {', '.join(scores[:SHOWN_SCORES] + more)} |")
    return "\n".join(lines) + "\n"


def _short(value: object) -> str:
    """A setting, with tables left to the record."""
    return "as recorded" if isinstance(value, list) else str(value)
