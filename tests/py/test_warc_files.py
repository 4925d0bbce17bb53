#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The archives in $JIBEK_TEST_DATA, good and broken: each file's records, and a reject for each that
is broken."""

import os

import cli

EXAMPLE = "http://example.com/"
# file: addresses of the records, rejects by code, what is passed over
FILES = {
    "bad.arc": (["http://example.com/"], {"warc_syntax": 3}, {}),
    "example-bad-non-chunked.warc.gz": ([EXAMPLE], {}, {"other_records": 4, "revisits": 1}),
    "example-bad.warc.gz.bad": (["http://example.com?example=1"], {}, {"other_records": 3, "revisits": 1, "redirects": 1}),
    "example-digest.warc": ([], {}, {"other_records": 4}),
    "example-iana.org-chunked.warc": (["http://www.iana.org/"], {}, {"other_records": 2}),
    "example-resource.warc.gz": ([EXAMPLE], {}, {"other_records": 2}),
    "example-space-in-target-uri.warc.gz": ([], {}, {"other_records": 1, "no_text": 1}),
    "example-space-in-url.arc": (["http://example.com/index.cfm?FuseAction=Email&EmailTitle=Examples From The Live Web&IsPopUp=False"],
                                 {}, {"other_records": 1}),
    "example-trunc.warc": ([], {"warc_syntax": 1}, {"other_records": 3}),
    "example-wget-bad-target-uri.warc.gz": ([EXAMPLE], {}, {"other_records": 5}),
    "example-wrong-chunks.warc.gz": ([EXAMPLE], {}, {"other_records": 1}),
    "example.arc": ([EXAMPLE], {}, {"other_records": 1}),
    "example.arc.gz": ([EXAMPLE], {}, {"other_records": 1}),
    "example.warc": ([EXAMPLE], {}, {"other_records": 4, "revisits": 1}),
    "example.warc.gz": ([EXAMPLE], {}, {"other_records": 4, "revisits": 1}),
    "post-test.warc.gz": ([], {}, {"other_records": 3, "no_text": 3}),
}
TEXT = ("This domain is established to be used for illustrative examples in documents. You may use this domain in examples "
        "without prior coordination or asking for permission.")


def main(tally):
    options = cli.parser(__doc__).parse_args()
    data = os.environ.get("JIBEK_TEST_DATA")
    if not data:
        print("skipped: JIBEK_TEST_DATA is not set")
        raise SystemExit(77)
    cli.begin(options)
    folder = os.path.join(data, "conformance", "warc")
    tally.equal(sorted(os.listdir(folder)), sorted(FILES), "the files that are known")
    with cli.workplace(options.index, tally) as temp:
        for name, (urls, rejects, passed) in FILES.items():
            index = os.path.join(temp, name + ".jibek")
            summary = cli.index(index, [os.path.join(folder, name)], may_reject=True)
            hits = cli.search_jsonl(index, "*")
            tally.equal([h["url"] for h in hits], urls, name)
            tally.equal((summary["reasons"], summary["passed"]), (rejects, passed), name)
            for h in hits:
                if "example.com" in h["url"] and name != "bad.arc":
                    tally.equal((h["title"], h["text"]), ("Example Domain", TEXT), name + ": its text")


if __name__ == "__main__":
    cli.guarded(main)
