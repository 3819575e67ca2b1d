"""Checkpoints: tensors and what they mean in one safetensors file, written whole or not at all, and a record of it beside it.

The record is a JSON file of the same name: recipe, seed, versions, scores, and the sha256 by which a damaged file is known.
"""

import hashlib
import json
import os
import sys
import tempfile
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from infodecomp.errors import CheckpointError


def artifact_path(name: str) -> Path:
    """Where a file that was searched or trained beforehand lies: in models/ of a checkout, or where the package was installed."""
    checkout = Path(__file__).resolve().parent.parent / "models"
    return (checkout if checkout.is_dir() else Path(sys.prefix) / "share" / "infodecomp" / "models") / name


def write_atomic(file: Path, content: bytes) -> None:
    """Write a file so that whoever reads it, or is killed meanwhile, finds either the old one or the new one."""
    file = Path(file)
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "wb") as part:
            part.write(content)
            part.flush()
            os.fsync(part.fileno())
        os.chmod(name, 0o644)
        os.replace(name, file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_checkpoint(file: Path, tensors: dict[str, Tensor], meaning: dict) -> None:
    """Store tensors by name, and what they mean as far as JSON can say it."""
    plain = {name: tensor.detach().contiguous() for name, tensor in tensors.items()}
    write_atomic(file, save(plain, {"meaning": json.dumps(meaning)}))


def read_checkpoint(file: Path) -> tuple[dict[str, Tensor], dict]:
    """The tensors and their meaning. Raises CheckpointError where the file is missing, is damaged, or is not one of ours."""
    content = _read(file)
    try:
        tensors = load(content)
        header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
        return tensors, json.loads(header["__metadata__"]["meaning"])
    except (SafetensorError, KeyError, ValueError) as error:
        raise CheckpointError(
            f"{file} is damaged or was not written by infodecomp ({error}); make it again."
        ) from error


def write_record(file: Path, record: dict) -> None:
    """Beside a checkpoint: a JSON file with its sha256 and what is known of it."""
    file = Path(file)
    sha256 = hashlib.sha256(_read(file)).hexdigest()
    write_atomic(
        file.with_suffix(".json"),
        (json.dumps({"file": file.name, "sha256": sha256} | record, indent=1) + "\n").encode(),
    )


def read_record(file: Path) -> dict:
    """The record of a checkpoint, once the checkpoint has been compared with it. Raises CheckpointError where either is missing
    or the file is not the one that was recorded."""
    file = Path(file)
    content = _read(file.with_suffix(".json"))
    try:
        record = json.loads(content)
    except ValueError as error:
        raise CheckpointError(
            f"{file.with_suffix('.json')} is no JSON ({error}); make the checkpoint again."
        ) from error
    found = hashlib.sha256(_read(file)).hexdigest()
    if found != record.get("sha256"):
        raise CheckpointError(
            f"{file} is damaged: its sha256 begins {found[:12]}, and not {str(record.get('sha256'))[:12]} as recorded; "
            f"make it again."
        )
    return record


def _read(file: Path) -> bytes:
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise CheckpointError(
            f"{file} cannot be read: {error.strerror}. Put it back, or make it again."
        ) from error
