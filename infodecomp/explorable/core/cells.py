"""Cells of CSV files that spreadsheets show as they are."""

FORMULA_BEGINNINGS = tuple("=+-@\t\r\n")


def plain_cell(text: str) -> str:
    """Text as a cell of a CSV file that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in FORMULA_BEGINNINGS else text
