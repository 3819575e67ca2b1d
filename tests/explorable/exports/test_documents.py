"""A state as a slide, a text and a QR code; an essay as slides and as an archive."""

import hashlib
import io
import re
import zipfile

import numpy as np
import pytest
from PIL import Image
from pptx import Presentation

from infodecomp.explorable.pages.downloads import plain_notes
from tests.first_essay import ESSAY, TITLE

PUBLIC = "https://essays.example"
PLANE = "/figures/storm-telegraph"
SMALL = "/essays/which-neurons-matter"  # the essay with the fewest figures
SENTENCE = "0.40 bits from town A and 0.80 from town B"


def texts(slide) -> list[str]:
    return [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]


def test_a_slide_holds_picture_sentence_source_and_notes(client):
    body = client.get(f"{PLANE}.pptx?bits_a=.4", base_url=PUBLIC).data
    deck = Presentation(io.BytesIO(body))
    assert deck.slide_width / deck.slide_height == pytest.approx(16 / 9, abs=1e-3)
    (slide,) = deck.slides
    title, sentence, source = texts(slide)
    assert title == "Every way to share bits between two towns" and sentence.startswith(SENTENCE)
    assert TITLE in source and "MIT licence" in source and "bits_a=.4#storm-telegraph" in source
    (picture,) = [shape for shape in slide.shapes if not shape.has_text_frame]
    assert picture._element.nvPicPr.cNvPr.get("descr") == sentence
    pixels = np.asarray(Image.open(io.BytesIO(picture.image.blob)))
    assert pixels.shape[1] > 2000 and (pixels[..., :3].max(-1) > pixels[..., 3]).any(), "pale, not darkened"
    assert slide.notes_slide.notes_text_frame.text.startswith(SENTENCE)
    files = zipfile.ZipFile(io.BytesIO(body))
    (vector,) = [name for name in files.namelist() if name.endswith(".svg")]
    assert b"<path" in files.read(vector) and b"<text" not in files.read(vector)
    assert {entry.date_time for entry in files.infolist()} == {(1980, 1, 1, 0, 0, 0)}, "the same bytes again"


def test_text_has_the_sentence_and_the_whole_table(client):
    text = client.get("/figures/storm-telegraph.txt?bits_a=.4", base_url=PUBLIC).text
    rows = client.get("/figures/storm-telegraph.csv?bits_a=.4").text.count("\n")
    _, sentence, table, foot = text.strip().split("\n\n")
    assert sentence.startswith(SENTENCE) and len(table.splitlines()) == rows and PUBLIC in foot
    assert client.get("/figures/storm-probability-sliders.txt").status_code == 200


def test_a_qr_code_holds_the_address_of_the_state(client):
    segno = pytest.importorskip("segno")
    svg = client.get(f"{PLANE}.qr?bits_a=.4", base_url=PUBLIC).text
    address = re.search("<title>QR code of (.*?)</title>", svg)[1]
    assert address == f"{PUBLIC}{ESSAY}?bits_a=.4#storm-telegraph"
    dark = {(int(y), int(x)) for x, y in re.findall(r"M(\d+) (\d+)\.5h1", svg)}
    matrix = segno.make_qr(address).matrix
    assert dark == {(y + 4, x + 4) for y, row in enumerate(matrix) for x, bit in enumerate(row) if bit}
    refused = client.get(f"{PLANE}.qr?bits_a=.4")
    assert refused.status_code == 404 and "INFODECOMP_ORIGIN" in refused.json["detail"]
    assert ".qr?" not in client.get(PLANE).text and ".qr?" in client.get(PLANE, base_url=PUBLIC).text


def test_a_plate_can_carry_its_qr_code(client):
    plain, coded = (
        client.get(f"{PLANE}.svg?_width=1920&_height=1080&_qr={qr}", base_url=PUBLIC).text for qr in (0, 1)
    )
    assert len(coded) > len(plain) + 2000
    assert client.get(f"{PLANE}.svg?_qr=1&_frame=0", base_url=PUBLIC).status_code == 400
    assert client.get(f"{PLANE}.svg?_qr=1").status_code == 400, "this address leads nowhere"


def test_an_essay_is_one_archive_and_one_presentation(client):
    reply = client.get(f"{SMALL}/figures.zip", base_url=PUBLIC)
    made = reply.data  # it ends only when it has been read
    again = client.get(f"{SMALL}/figures.zip", base_url=PUBLIC)
    assert again.data == made and "ETag" not in reply.headers, "its digest is not known at first"
    assert again.headers["ETag"] == f'"{hashlib.sha256(made).hexdigest()[:20]}"'
    names = zipfile.ZipFile(io.BytesIO(reply.data)).namelist()
    drawn = {name.partition("-")[2].rpartition(".")[0] for name in names}
    assert len([name for name in names if name.endswith(".png")]) == len(drawn) > 5
    assert reply.headers["Content-Disposition"].endswith('which-neurons-matter-figures.zip"')
    deck = Presentation(io.BytesIO(client.get(f"{SMALL}/slides.pptx", base_url=PUBLIC).data))
    slides = list(deck.slides)
    assert "So, which neurons matter?" in texts(slides[-1]) and PUBLIC + SMALL in texts(slides[-1])[1]
    assert len(slides) >= len(drawn) + 2 and all(slide.has_notes_slide for slide in slides[1:])
    assert client.head(f"{SMALL}/figures.zip").status_code == 200
    assert client.get(f"{SMALL}/slides.pptx?none_such=1").status_code == 200, "tracking tags are ignored"
    assert client.get("/essays/none/figures.zip").status_code == 404


def test_notes_are_plain_text():
    assert plain_notes("<h3>Why</h3><p>a <b>b</b>\n c</p><p>&lt;d&gt;</p>") == "Why\n\na b c\n\n<d>"
