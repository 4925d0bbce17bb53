# SPDX-License-Identifier: GPL-3.0-or-later
"""Articles to plant in pages: corpora/, and the outside data where it is."""

import glob
import json
import os
import re
import subprocess

from cli import ROOT


def paragraphs_of(text):
    return [re.sub(r"\s+", " ", x).strip() for x in re.split(r"\n+", text) if re.search(r"\w\w", x)]


def language(record, path):
    if "kazakh" in path or record.get("lang") == "kk":
        return "kk"
    if "uyghur" in path or record.get("lang") == "ug":
        return "ug"
    text = record.get("text", "")
    if re.search(r"[\u4e00-\u9fff]", text):
        return "zh"
    return "ru" if re.search(r"[\u0400-\u04ff]", text) else "en"


def article(record, path=""):
    paragraphs = paragraphs_of(record.get("text", ""))
    title = re.sub(r"\s+", " ", record.get("title") or " ".join(paragraphs)[:30]).strip()
    return {"lang": language(record, path), "title": title, "paragraphs": paragraphs}


def from_corpora():
    found = []
    for path in sorted(glob.glob(os.path.join(ROOT, "corpora", "*.jsonl"))):
        with open(path, encoding="utf-8") as lines:
            found += [article(json.loads(line), path) for line in lines]
    return [a for a in found if a["paragraphs"] and len("".join(a["paragraphs"])) >= 20]


def from_outside(data, limit):
    """News, reviews and sentences in five languages, at most `limit` of each source."""
    found = []
    for name in ("cctv_news", "kazsandra"):
        path = os.path.join(data, "bench", name + ".jsonl.zst")
        cat = subprocess.Popen(["zstdcat", path], stdout=subprocess.PIPE)
        kept = 0
        for number, line in enumerate(cat.stdout):
            if kept >= limit:
                break
            a = article(json.loads(line))
            if number % 7 == 0 and a["paragraphs"] and len("".join(a["paragraphs"])) >= 20:
                found.append(a)
                kept += 1
        cat.stdout.close()
        cat.wait()
    for lang, name in (("ru", "rus_Cyrl"), ("ug", "uig_Arab"), ("kk", "kaz_Cyrl"), ("zh", "zho_Hant"), ("en", "eng_Latn")):
        with open(os.path.join(data, "lang", "parallel", "flores", name + ".devtest"), encoding="utf-8") as lines:
            sentences = [x.strip() for x in lines if x.strip()]
        at = 0
        for n in range(limit):
            size = 1 + n * 7 % 12  # paragraphs of one to three sentences, one to twelve sentences in all
            part = sentences[at:at + size]
            at = (at + size) % (len(sentences) - 12)
            paragraphs = [" ".join(part[i:i + 1 + n % 3]) for i in range(0, len(part), 1 + n % 3)]
            found.append({"lang": lang, "title": " ".join(part[0].split()[:7])[:60].rstrip(",. "), "paragraphs": paragraphs})
    return found
