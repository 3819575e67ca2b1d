"""PDFs whose objects come in an order of chance become one file."""

import io
import random

from pypdf import PdfReader

from infodecomp.explorable.exports.canonical_pdf import canonical_pdf


def shuffled_pdf(seed: int) -> bytes:
    """A page with three fonts, whose objects and dictionary entries are in some order."""
    draw = random.Random(seed)
    names = ["catalog", "pages", "page", "contents", "fo0", "fo1", "fo2"]
    numbers = dict(zip(names, draw.sample(range(1, 8), 7), strict=True))
    fonts = [f"      /{name} {numbers[name]} 0 R\n" for name in names[4:]]
    draw.shuffle(fonts)
    text = "BT /fo0 12 Tf (one 1 0 R) Tj /fo1 12 Tf (two) Tj ET"
    bodies = {
        "catalog": f"<<\n/Type /Catalog\n/Pages {numbers['pages']} 0 R\n>>",
        "pages": f"<<\n/Type /Pages\n/Kids [{numbers['page']} 0 R]\n/Count 1\n>>",
        "page": f"<<\n/Type /Page\n/Parent {numbers['pages']} 0 R\n/MediaBox [0 0 9 9]\n"
        f"/Contents {numbers['contents']} 0 R\n/Resources <<\n    /Font <<\n{''.join(fonts)}    >>\n>>\n>>",
        "contents": f"<<\n/Length {len(text)}\n>>\nstream\n{text}\nendstream",
    } | {name: f"<<\n/Type /Font\n/Subtype /Type1\n/BaseFont /{name}\n>>" for name in names[4:]}
    draw.shuffle(names)
    written, places = "%PDF-1.7\n\n", {}
    for name in names:
        places[numbers[name]] = len(written)
        written += f"{numbers[name]} 0 obj\n{bodies[name]}\nendobj\n\n"
    table = "".join(f"{places[number]:010d} 00000 n\r\n" for number in sorted(places))
    trailer = f"trailer\n<<\n/Size 8\n/Root {numbers['catalog']} 0 R\n>>\n"
    end = f"startxref\n{len(written)}\n%%EOF"
    return f"{written}xref\n0 8\n0000000000 65535 f\r\n{table}{trailer}{end}".encode()


def test_every_order_becomes_the_same_readable_file():
    shuffled = {shuffled_pdf(seed) for seed in range(20)}
    assert len(shuffled) == 20
    (canonical,) = {canonical_pdf(pdf) for pdf in shuffled}
    assert canonical_pdf(canonical) == canonical
    page = PdfReader(io.BytesIO(canonical), strict=True).pages[0]
    assert b"(one 1 0 R)" in page.get_contents().get_data(), "a stream is left as it is"
    fonts = page["/Resources"]["/Font"]
    assert [fonts[name]["/BaseFont"] for name in fonts] == ["/fo0", "/fo1", "/fo2"]


def test_what_has_another_structure_is_left_as_it_is():
    for other in (b"", b"%PDF-1.7\n", b"\nxref\n0 0\n"):
        assert canonical_pdf(other) == other


def test_a_picture_is_still_a_page_with_its_text(client):
    pdf = client.get("/figures/storm-guess.pdf").data
    assert canonical_pdf(pdf) == pdf
    assert "one bit to share" in PdfReader(io.BytesIO(pdf), strict=True).pages[0].extract_text().lower()
