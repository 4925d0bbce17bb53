# SPDX-License-Identifier: GPL-3.0-or-later
"""WARC and ARC files in the making, whole and broken."""

import base64
import gzip
import hashlib
import zlib

DATE = "2020-04-%02dT10:11:12Z"


def sha1(data):
    return "sha1:" + base64.b32encode(hashlib.sha1(data).digest()).decode()


def record(kind, url, block, content_type, day=1, version="1.0", digests=True, payload=None, extra=(), length=None):
    head = ["WARC/" + version, "WARC-Type: " + kind, "WARC-Date: " + DATE % day,
            "WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-%012d>" % day]
    if url:
        head.append("WARC-Target-URI: " + url)
    if digests:
        head.append("WARC-Block-Digest: " + sha1(block))
        if payload is not None:
            head.append("WARC-Payload-Digest: " + sha1(payload))
    head += ["Content-Type: " + content_type, *extra, "Content-Length: %d" % (len(block) if length is None else length)]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def chunked(body, random):
    out, at = b"", 0
    while at < len(body):
        n = random.randrange(1, max(2, len(body) // 3 + 1))
        part = body[at:at + n]
        out += b"%x\r\n" % len(part) + part + b"\r\n"
        at += n
    return out + b"0\r\n\r\n"


def brotli_stored(body):
    """A brotli stream that packs nothing: 16-bit window, uncompressed blocks."""
    out, bits, at = [], [0], 0  # WBITS 16 is one bit 0
    while at < len(body):
        part = body[at:at + 65536]
        length = len(part) - 1
        bits += [0, 0, 0] + [length >> i & 1 for i in range(16)] + [1]
        while len(bits) % 8:
            bits.append(0)
        out.append(bytes(sum(b << i for i, b in enumerate(bits[k:k + 8])) for k in range(0, len(bits), 8)) + part)
        bits, at = [], at + len(part)
    bits += [1, 1]
    out.append(bytes([sum(b << i for i, b in enumerate(bits))]))
    return b"".join(out)


def raw_deflate(body):
    z = zlib.compressobj(wbits=-15)
    return z.compress(body) + z.flush()


PACKERS = {"": lambda b: b, "gzip": gzip.compress, "deflate": zlib.compress, "raw": raw_deflate, "br": brotli_stored}


def response(url, body, random, status="200 OK", content_type="text/html", coding="", chunks=False, **more):
    """A response record; its payload is packed and cut into chunks as asked."""
    packed = PACKERS[coding](body)
    sent = chunked(packed, random) if chunks else packed
    head = ["HTTP/1.1 " + status, "Content-Type: " + content_type, "Server: x"]
    if coding:
        head.append("Content-Encoding: " + ("deflate" if coding == "raw" else coding))
    if chunks:
        head.append("Transfer-Encoding: chunked")
    block = "\r\n".join(head).encode() + b"\r\n\r\n" + sent
    return record("response", url, block, "application/http; msgtype=response", payload=sent, **more)


def arc(records, version=1):
    """An ARC file of (url, date, type, block)."""
    own = b"%d 0 test\nURL IP-address Archive-date Content-type Archive-length\n" % version
    out = b"filedesc://t.arc 0.0.0.0 20200401000000 text/plain %d\n" % len(own) + own + b"\n"
    for url, date, kind, block in records:
        middle = " 200 - - 0 t.arc" if version == 2 else ""
        out += ("%s 1.2.3.4 %s %s%s %d\n" % (url, date, kind, middle, len(block))).encode() + block + b"\n"
    return out
