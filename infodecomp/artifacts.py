"""Checkpoints: tensors and their metadata in one safetensors file, written atomically, with a JSON record.

The record has the same name: configuration, seed, versions, scores, and the sha256 that reveals a damaged
file.
"""

import hashlib
import json
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from safetensors import SafetensorError

from infodecomp.errors import CheckpointError
from infodecomp.resources import resource_folder

if TYPE_CHECKING:
    from torch import Tensor


def artifact_path(name: str) -> Path:
    """The path of a stored artifact: in models/ of a checkout, or where the package was installed."""
    return resource_folder("models") / name


def write_atomic(file: str | Path, content: bytes, make_folders: bool = True) -> None:
    """Write a file atomically: readers, and a process killed meanwhile, leave either the old or the new
    content.

    Parameters
    ----------
    file : path
    content : bytes
    make_folders : bool
        Whether missing folders are created.

    Raises
    ------
    FileNotFoundError
        If its folder is missing and is not created.
    """
    file = Path(file)
    if make_folders:
        file.parent.mkdir(parents=True, exist_ok=True)
    name = file.parent / f".{file.name}.{secrets.token_hex(6)}"
    descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)  # minus the umask
    try:
        with os.fdopen(descriptor, "wb") as temporary:
            temporary.write(content)
            temporary.flush()
            os.fsync(temporary.fileno())
        os.replace(name, file)
    except BaseException:
        name.unlink(missing_ok=True)
        raise


def write_checkpoint(file: str | Path, tensors: "dict[str, Tensor]", metadata: dict) -> None:
    """Store tensors by name, with JSON-compatible metadata."""
    from safetensors.torch import save  # imports torch, which takes a second

    contiguous = {name: tensor.detach().contiguous() for name, tensor in tensors.items()}
    write_atomic(file, save(contiguous, {"meaning": json.dumps(metadata)}))


def read_checkpoint(file: str | Path) -> "tuple[dict[str, Tensor], dict]":
    """Read the tensors and the metadata of a checkpoint.

    Raises
    ------
    CheckpointError
        If the file is missing, damaged, or was not written by `write_checkpoint`.
    """
    from safetensors.torch import load

    content = _read(file)
    try:
        tensors = load(content)
        header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
        return tensors, json.loads(header["__metadata__"]["meaning"])
    except (SafetensorError, KeyError, ValueError) as error:
        raise CheckpointError(
            f"{file} is damaged or was not written by infodecomp ({error}); make it again."
        ) from error


def write_record(file: str | Path, record: dict) -> None:
    """Write a JSON record beside a checkpoint, with the checkpoint's sha256."""
    file = Path(file)
    sha256 = hashlib.sha256(_read(file)).hexdigest()
    write_atomic(
        file.with_suffix(".json"),
        (json.dumps({"file": file.name, "sha256": sha256} | record, indent=1) + "\n").encode(),
    )


def read_record(file: str | Path) -> dict:
    """Read the record of a checkpoint, and compare the checkpoint with it.

    Raises
    ------
    CheckpointError
        If either file is missing, or the sha256 differs from the recorded one.
    """
    file = Path(file)
    content = _read(file.with_suffix(".json"))
    try:
        record = json.loads(content)
    except ValueError as error:
        raise CheckpointError(
            f"{file.with_suffix('.json')} is not JSON ({error}); make the checkpoint again."
        ) from error
    found = hashlib.sha256(_read(file)).hexdigest()
    if found != record.get("sha256"):
        raise CheckpointError(
            f"{file} is damaged: its sha256 begins {found[:12]}, and not "
            f"{str(record.get('sha256'))[:12]} as recorded; "
            f"make it again."
        )
    return record


def _read(file: str | Path) -> bytes:
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise CheckpointError(
            f"{file} cannot be read: {error.strerror}. Put it back, or make it again."
        ) from error
