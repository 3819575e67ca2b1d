"""Writes a small PNG with a palette: one byte, or less, for each pixel of a matrix."""

import base64
import struct
import zlib

import numpy as np

SIGNATURE = b"\x89PNG\r\n\x1a\n"
INDEXED = 3  # colour type: each pixel is an index into the palette
BIT_DEPTHS = (1, 2, 4, 8)


def encode_png(indices: np.ndarray, palette: np.ndarray) -> bytes:
    """Encode a matrix of palette indices as a PNG.

    Parameters
    ----------
    indices : array of int, shape (rows, columns)
        Row 0 is at the top.
    palette : array of int, shape (n, 4)
        Red, green, blue and opacity of each colour, 0 to 255; n is at most 256.

    Returns
    -------
    bytes

    Raises
    ------
    ValueError
        If the matrix is empty, or an index is not in the palette.

    References
    ----------
    PNG specification, third edition (W3C, 2025), sections 7 and 11.
    """
    rows, columns = indices.shape
    n = len(palette)
    if not indices.size or n > 256 or indices.min() < 0 or indices.max() >= n:
        raise ValueError(f"a matrix of {rows} × {columns} needs indices from 0 to {min(n, 256) - 1}")
    depth = next(bits for bits in BIT_DEPTHS if n <= 2**bits)
    colours = np.asarray(palette, np.uint8)
    header = struct.pack(">IIBBBBB", columns, rows, depth, INDEXED, 0, 0, 0)
    return SIGNATURE + b"".join(
        (
            _chunk(b"IHDR", header),
            _chunk(b"PLTE", colours[:, :3].tobytes()),
            _chunk(b"tRNS", colours[:, 3].tobytes()),
            _chunk(b"IDAT", zlib.compress(_scanlines(indices.astype(np.uint8), depth), 9)),
            _chunk(b"IEND", b""),
        )
    )


def png_data_url(indices: np.ndarray, palette: np.ndarray) -> str:
    """Encode a matrix of palette indices as the data: URL of a PNG; see `encode_png`."""
    return "data:image/png;base64," + base64.b64encode(encode_png(indices, palette)).decode()


def _scanlines(indices: np.ndarray, depth: int) -> bytes:
    """The rows, each after a zero byte (no filter), with 8 / depth pixels in a byte."""
    per_byte = 8 // depth
    padded = np.pad(indices, ((0, 0), (0, -indices.shape[1] % per_byte)))
    shifts = np.arange(8 - depth, -1, -depth)
    packed = (padded.reshape(len(indices), -1, per_byte) << shifts).sum(2).astype(np.uint8)
    return np.pad(packed, ((0, 0), (1, 0))).tobytes()


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
