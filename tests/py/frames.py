# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that the files of an index folder say: raw bytes, and zstd frames unpacked
with the dictionaries that meta.mdb holds."""

import ctypes
import ctypes.util
import os
import struct

MAGIC, PAGE = b"\x28\xb5\x2f\xfd", 4096
DICTIONARIES = (b"dict.text", b"dict.record")
LIMIT = 64 << 20


def library():
    path = ctypes.util.find_library("zstd")
    if not path:
        return None
    zstd = ctypes.CDLL(path)
    zstd.ZSTD_createDCtx.restype = ctypes.c_void_p
    zstd.ZSTD_getFrameContentSize.restype = ctypes.c_ulonglong
    for name in ("ZSTD_findFrameCompressedSize", "ZSTD_decompress_usingDict"):
        getattr(zstd, name).restype = ctypes.c_size_t
    return zstd


def dictionaries(meta):
    """The values of the dictionaries' rows: in the leaf, or on pages of their own."""
    found = [b""]
    for key in DICTIONARIES:
        at = meta.find(key)
        while at >= 8:
            low, high, flags, size = struct.unpack_from("<HHHH", meta, at - 8)
            if size == len(key):
                start, length = at + size, low | high << 16
                if flags & 1:
                    start = struct.unpack_from("<Q", meta, start)[0] * PAGE + 16
                if length > 8:
                    found.append(meta[start:start + length - 8])   # a checksum ends the row
            at = meta.find(key, at + 1)
    return found


def unpack(zstd, context, data, dictionary):
    size = zstd.ZSTD_getFrameContentSize(data, ctypes.c_size_t(len(data)))
    if size > LIMIT:
        return None
    out = ctypes.create_string_buffer(size or 1)
    got = zstd.ZSTD_decompress_usingDict(ctypes.c_void_p(context), out, ctypes.c_size_t(size), data, ctypes.c_size_t(len(data)),
                                         dictionary, ctypes.c_size_t(len(dictionary)))
    return None if zstd.ZSTD_isError(ctypes.c_size_t(got)) else out.raw[:got]


def frames(zstd, data, known):
    """Every frame of the file that can be unpacked, and how many cannot."""
    context, at, lost, parts = zstd.ZSTD_createDCtx(), data.find(MAGIC), 0, []
    while at >= 0:
        rest = data[at:]
        size = zstd.ZSTD_findFrameCompressedSize(rest, ctypes.c_size_t(len(rest)))
        if not zstd.ZSTD_isError(ctypes.c_size_t(size)):
            texts = (unpack(zstd, context, rest[:size], one) for one in known)
            text = next((text for text in texts if text is not None), None)
            lost += text is None
            parts.append(text or b"")
        at = data.find(MAGIC, at + 1)
    zstd.ZSTD_freeDCtx(ctypes.c_void_p(context))
    return parts, lost


def contents(folder):
    """(file name, bytes) of all that lies in the folder, and the number of frames that stayed packed."""
    zstd, found, lost = library(), [], 0
    meta = next(name for name in os.listdir(folder) if name.startswith("meta") and name.endswith(".mdb"))
    with open(os.path.join(folder, meta), "rb") as data:
        known = dictionaries(data.read())
    for where, _, names in os.walk(folder):
        for name in sorted(names):
            if name == "rejects.jsonl":
                continue
            with open(os.path.join(where, name), "rb") as data:
                raw = data.read()
            found.append((name, raw))
            if zstd and name.endswith(".records"):
                parts, packed = frames(zstd, raw, known)
                found.append((name + ", unpacked", b"\0".join(parts)))
                lost += packed
    return found, lost
