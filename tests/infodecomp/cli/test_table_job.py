"""The process of a reader's table: what it does with a checkpoint, and what it says."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

from infodecomp import DistributedBottleneck, InformationError
from infodecomp.artifacts import read_checkpoint, write_checkpoint
from infodecomp.cli import table_job

STEPS = 4
X = np.arange(30.0)[:, None]
TABLE = SimpleNamespace(X=X, y=X[:, 0] % 5)


def new(steps: int = STEPS) -> DistributedBottleneck:
    return DistributedBottleneck(steps=steps, draws=1, random_state=0)


@pytest.fixture
def checkpoint(tmp_path):
    """The file of a fit that was ended after a step."""
    file = tmp_path / "fit.safetensors"
    new().fit(TABLE.X, TABLE.y, should_stop=lambda: True, checkpoint=file)
    return file


def steps_taken(checkpoint) -> list[int]:
    taken = []
    table_job.fit(new(), TABLE, lambda training: taken.append(training.step), checkpoint)
    return taken


def test_a_fit_goes_on_from_its_checkpoint(checkpoint):
    assert steps_taken(checkpoint) == [2, 3, 4]


@pytest.mark.parametrize("fault", ["cut off", "empty", "other settings", "other tensors"])
def test_a_fit_begins_anew_where_no_fit_can_go_on_from_its_checkpoint(checkpoint, fault):
    tensors, identity = read_checkpoint(checkpoint)
    if fault == "other settings":
        write_checkpoint(checkpoint, tensors, identity | {"release": 0})
    elif fault == "other tensors":
        write_checkpoint(checkpoint, {"step": tensors["step"]}, identity)
    else:
        checkpoint.write_bytes(checkpoint.read_bytes()[: 1000 if fault == "cut off" else 0])
    assert steps_taken(checkpoint) == [1, 2, 3, 4]
    assert int(read_checkpoint(checkpoint)[0]["step"]) == STEPS


def test_a_process_ends_when_its_table_has_been_deleted_and_makes_no_folder_again(tmp_path):
    """No server has to look after it, which may have started anew."""
    with pytest.raises(SystemExit):
        table_job.write(tmp_path / "deleted", "progress.json", {"step": 1})
    assert not list(tmp_path.iterdir())


def test_an_error_within_a_fit_is_raised_and_its_checkpoint_stays(checkpoint):
    def fail(training):
        raise InformationError("full")

    with pytest.raises(InformationError, match="full"):
        table_job.fit(new(), TABLE, fail, checkpoint)
    assert int(read_checkpoint(checkpoint)[0]["step"]) == 2


def test_an_error_of_the_table_is_raised(checkpoint):
    table = SimpleNamespace(X=X, y=np.ones(len(X)))
    for _ in range(2):  # with a checkpoint, and without one
        with pytest.raises(InformationError, match="1 in every row"):
            table_job.fit(new(), table, lambda training: None, checkpoint)


def test_no_path_of_the_server_is_shown(tmp_path, monkeypatch):
    def fail(folder, about):
        raise InformationError(f"{folder / 'fit.safetensors'} is damaged, {folder / 'table'} is not.")

    (tmp_path / "table").write_text("a,y\n1,2\n")
    about = {"name": "my.csv", "max_rows": 10, "max_bytes": 1000}
    (tmp_path / "about.json").write_text(json.dumps(about))
    monkeypatch.setattr(table_job, "limit", lambda action: None)
    monkeypatch.setattr(table_job, "inspect", fail)
    table_job.main(tmp_path, "inspect")
    sentence = json.loads((tmp_path / "error.json").read_text())["sentence"]
    assert sentence == "fit.safetensors is damaged, my.csv is not."


def test_what_is_found_about_a_column_is_said_for_a_page(tmp_path, monkeypatch):
    rows = "".join(f"text {i},{i % 2}\n" for i in range(1100))
    (tmp_path / "table").write_text("my id,y\n" + rows)
    about = {"name": "my.csv", "max_rows": 2000, "max_bytes": 100_000}
    (tmp_path / "about.json").write_text(json.dumps(about))
    asked = {"target": "y", "ignore": [], "kinds": {}, "periods": {}, "classes": False}
    (tmp_path / "options.json").write_text(json.dumps(asked))
    monkeypatch.setattr(table_job, "limit", lambda action: None)
    for action in ("inspect", "decompose"):
        table_job.main(tmp_path, action)
    found = json.loads((tmp_path / "columns.json").read_text())["columns"][0]
    assert found["warning"] == (
        "my id has 1,100 different texts in 1,100 rows and may name rows; you may leave it out"
    )
    sentence = json.loads((tmp_path / "error.json").read_text())["sentence"]
    assert sentence.endswith("more than 1,000; leave it out, or group its values first.")
