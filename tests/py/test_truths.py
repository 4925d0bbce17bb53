#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Indexes corpora/ and asks jibek for every truth of corpora/truths.json that the
commands can answer.  What they cannot yet is named, with the reason; a truth that is
neither checked nor named fails."""

import collections
import difflib
import json
import os
import re
import subprocess
import sys
import unicodedata

import cli
from fold import fold

CORPORA = os.path.join(cli.ROOT, "corpora")
# Where lang is not given: corpora/README.md tells the language of each platform.
LANGUAGES = {
    "qazaqnews": "kk", "dala-habar": "kk", "tilshi-latyn": "kk", "saryarqa-tote": "kk", "steppe-vestnik": "ru", "irtysh-kurier": "ru",
    "silk-observer": "en", "eurasia-ledger": "en", "tarim-xewer": "ug", "ala-too-kabar": "ky", "anhor-xabar": "uz",
}
FILES = {"kk": "kazakh-media.jsonl", "ru": "russian-media.jsonl", "en": "english-media.jsonl"}


def name(row):
    return "%s:%s" % (row["platform"], row["id"])


def source_file(row):
    return os.path.basename(row["origin"].rpartition(":")[0])


class Case:
    """The index of the corpus, its truths, and short ways to ask."""

    def __init__(self, folder, truths, tally):
        self.folder, self.truths, self.tally = folder, truths, tally
        self.checked = set()
        self.rows = cli.search_jsonl(folder, "*", "--sort", "published_at")
        self.by_name = {name(row): row for row in self.rows}
        self.first = self.by_name[truths["first"]["id"]]

    def found(self, query, *options):
        """platform:id of what a query finds, oldest first."""
        return [name(row) for row in cli.search_jsonl(self.folder, query, "--sort", "published_at", *options)]

    def total(self, query):
        return cli.search_json(self.folder, query)["total"]

    def facet(self, field, query="*"):
        facet = cli.search_json(self.folder, query, "--facet", field + ":0")["facets"][field]
        return {one["value"]: one["count"] for one in facet["values"]}, facet["missing"]

    def equal(self, truth, got, want=None, what=""):
        self.checked.add(truth)
        want = self.truths[truth] if want is None else want
        self.tally.equal(got, want, truth + (": " + what if what else ""))


# --- numbers ---

def check_totals(case):
    truths = case.truths
    case.equal("documents", case.total("*"))
    case.equal("documents", len(case.rows), what="rows")
    case.equal("by_file", dict(collections.Counter(map(source_file, case.rows))))
    platforms, missing = case.facet("platform")
    case.equal("by_platform", platforms)
    case.equal("by_platform", missing, 0, "without platform")
    for platform, count in truths["by_platform"].items():
        case.equal("by_platform", case.total("platform:" + platform), count, platform)
    for month, count in truths["by_month"].items():
        case.equal("by_month", case.total("date:" + month), count, month)
    case.equal("without_title", sum("title" not in row for row in case.rows))
    case.equal("without_views", sum("views" not in row for row in case.rows))
    case.equal("without_views", truths["documents"] - case.total("views:>=0"), what="in no range")


def check_languages(case):
    """Given languages are kept; the others are found out as the corpus says they are."""
    want = collections.Counter(case.truths["by_lang_given"])
    for platform, count in case.truths["lang_not_given_by_platform"].items():
        want[LANGUAGES.get(platform, "zh")] += count
    case.equal("lang_not_given_by_platform", case.facet("lang"), (dict(want), 0), "given and detected together")
    given = {}
    for file_name in case.truths["by_file"]:
        with open(os.path.join(CORPORA, file_name), encoding="utf-8") as lines:
            given.update((name(one), one["lang"]) for one in map(json.loads, lines) if "lang" in one)
    case.equal("by_lang_given", {key: case.by_name[key]["lang"] for key in given}, given, "each record")
    case.equal("lang_not_given", len(case.rows) - len(given))


def check_times(case):
    """Zoneless times of Chinese platforms mean +08:00, others UTC; dates stay dates."""
    chinese = {platform for platform in case.truths["by_platform"] if platform not in LANGUAGES}
    for key in case.truths["zoneless"]:
        said = case.by_name[key]["published_at"]
        good = len(said) == 10 or said.endswith("+08:00" if key.split(":")[0] in chinese else "+00:00")
        case.equal("zoneless", good, True, "%s: %s" % (key, said))
    case.equal("without_collected_at", [name(row) for row in case.rows if "collected_at" not in row])


def check_counts(case):
    for key, said in case.truths["views_as_strings"].items():
        plain = re.fullmatch(r"([\d.]+)万(\+?)", said)
        number = round(float(plain[1]) * 10000)
        case.equal("views_as_strings", case.by_name[key]["views"], "%d+" % number if plain[2] else number, key)
    bounds = [name(row) for row in case.rows if str(row.get("views", "")).endswith("+")]
    case.equal("lower_bounds", bounds)
    for key in bounds:
        row = case.by_name[key]
        above = cli.search_json(case.folder, "platform:%s id:%s views:>=%d" % (row["platform"], row["id"], int(row["views"][:-1]) + 1))
        case.equal("lower_bounds", (above["total"], above["undecided"]), (0, 1), "%s above its bound" % key)


def section_query(section):
    return "section:%s" % cli.quote(section)


def check_sections(case):
    """Views by section: how many, and with `jibek count` their sums and medians."""
    can_count = b"count" in cli.run("--help") and cli.run("count", "--help", expect=(0, 2)).startswith(b"jibek count")
    for section, want in case.truths["views_by_section"].items():
        query = section_query(section)
        case.equal("views_by_section", case.total(query), want["documents"], section)
        case.equal("views_by_section", case.total(query + " views:>=0"), want["with_views"], section + " with views")
        if can_count:
            got = json.loads(cli.run("count", "-i", case.folder, "--by", "section", "--stat", "sum:views",
                                     "--stat", "median:views", "--format", "json", query))
            views = got["totals"]["stats"]["views"]
            case.equal("views_by_section", (views["sum"], views["median"]), (want["sum_recorded"], want["median_recorded"]), section)
    if not can_count:
        print("skipped: views_by_section, sums and medians recorded: this jibek has no count")


# --- the case ---

def check_first(case):
    title = "title:" + case.first["title"]
    got = cli.search_jsonl(case.folder, title, "--sort", "published_at")[0]
    want = case.truths["first"]
    case.equal("first", {**{field: got[field] for field in want}, "id": name(got)})
    section = case.truths["section"]
    case.equal("section", case.found(section_query(section["name"])), section["documents"])
    others = "%s NOT title:为何渴望回归中国" % section_query(section["name"])
    case.equal("section", case.found(others), section["not_the_case"], "what else ran there")


def check_copies(case):
    """Exact copies by copy_of and by `show`; the traditional ones by the whole text as a string."""
    truths, first = case.truths, name(case.first)
    original = case.first.get("copy_of", case.first["id"])
    group = case.found("copy_of:%s" % original)
    group += [name(row) for row in case.rows if row["id"] == original]
    case.equal("exact_copies", sorted(set(group) - {first}), sorted(truths["exact_copies"]), "by copy_of")
    shown = cli.run("show", "-i", case.folder, case.first["id"]).decode("utf-8")
    listed = re.search(r"\ncopies of the same title and text: (\d+)\n((?:    .*\n)+)", shown)
    ids = {line.replace(" ", ":") for line in re.findall(r"    (.*)", listed[2])} if listed else set()
    named = re.search(r"^copy_of +(.*)", shown, re.M)
    ids |= {name(row) for row in case.rows if named and row["id"] == named[1]}
    case.equal("exact_copies", sorted(ids - {first}), sorted(truths["exact_copies"]), "by show")
    whole = case.found('title:%s text:%s' % (case.first["title"], cli.quote(case.first["text"])))
    case.equal("traditional_copies", sorted(set(whole) - {first} - set(truths["exact_copies"])), sorted(truths["traditional_copies"]))
    case.equal("traditional_copies", [key for key in whole if case.by_name[key]["script"] == "Hant"],
               truths["traditional_copies"], "in traditional characters")


def holders(case, size):
    """Every document but the first that holds some `size` characters of its text in a row."""
    text, found = fold(case.first["text"]), set()
    for at in range(len(text) - size + 1):
        found.update(case.found("text:" + cli.quote(text[at:at + size]), "--fields", "platform,id"))
    return found - {name(case.first)}


def check_excerpts(case):
    truths = case.truths
    shared = {key for key, size in truths["longest_shared"].items() if size >= 30}
    long = holders(case, 30)
    case.equal("longest_shared", sorted(long), sorted(shared), "30 and more in a row")
    others = ("exact_copies", "traditional_copies", "near_copies", "sisters")
    case.equal("excerpts", sorted(long.difference(*(truths[kind] for kind in others))), sorted(truths["excerpts"]))
    short = holders(case, 12) - long - set(truths["sister_title_only"])
    case.equal("shorter_quotes_12_to_29", sorted(short), sorted(truths["shorter_quotes_12_to_29"]))


def trace(case, *what):
    """origin, and platform:id by relation."""
    found = json.loads(cli.run("trace", "-i", case.folder, "--format", "json", *what))
    kinds = collections.defaultdict(set)
    for match in found["matches"]:
        kinds[match["relation"]].add(name(match))
    return found, kinds


def check_trace(case):
    """The first article from every copy of it, what became of it, and from every passage who holds it."""
    truths, first = case.truths, name(case.first)
    copies = {*truths["exact_copies"], *truths["traditional_copies"]}
    replies = {key for key in truths["excerpts"] if key in truths["replies"]["with_chain"]}
    for start in (first, *sorted(copies), *truths["near_copies"]):
        found, kinds = trace(case, start)
        case.equal("first", found["origin"], case.first["id"], "traced from " + start)
        case.equal("near_copies", sorted(kinds["near_copy"]), sorted(truths["near_copies"]), "from " + start)
        case.equal("exact_copies", sorted(kinds["copy"]), sorted(copies), "copies from " + start)
        if start in truths["near_copies"]:
            continue  # which may lack what others quote
        case.equal("excerpts", sorted(kinds["excerpt"] - set(truths["shorter_quotes_12_to_29"])),
                   sorted(set(truths["excerpts"]) - replies), "from " + start)
        case.equal("excerpts", sorted(kinds["reply"]), sorted(replies), "passed on, from " + start)
        case.equal("sisters", sorted(kinds["template"]), sorted(truths["sisters"]), "templates from " + start)
    text = fold(case.first["text"])
    for key in truths["excerpts"]:
        theirs = fold(case.by_name[key]["text"])
        passage = longest_shared(text, theirs)
        found, _ = trace(case, "--quote", passage)
        case.equal("first", found["origin"], case.first["id"], passage)
        whole = {name(match) for match in found["matches"] if match["longest_shared"] == len(letters(passage))}
        want = {other for other, row in case.by_name.items() if letters(passage) in letters(fold(row.get("text", "")))}
        case.equal("excerpts", sorted(whole), sorted(want), "who holds " + passage)


def letters(folded):
    return "".join(c for c in folded if unicodedata.category(c)[0] in "LMN")


def longest_shared(a, b):
    match = difflib.SequenceMatcher(None, a, b, autojunk=False).find_longest_match(0, len(a), 0, len(b))
    return a[match.a:match.a + match.size]


def check_sisters(case):
    found = case.found("title:为何渴望回归中国 NOT title:哈萨克斯坦")
    alone = set(case.truths["sister_title_only"])
    countries = {key: re.match("(.+?)(?:为何|為何)", fold(case.by_name[key]["title"]))[1] for key in found}
    case.equal("sisters", {key: countries[key] for key in found if key not in alone})
    case.equal("sister_title_only", [key for key in found if key in alone])


def check_replies(case):
    replies = case.truths["replies"]
    case.equal("replies", [name(row) for row in case.rows if "parent" in row], replies["with_parent"])
    case.equal("replies", case.found('text:"//@"'), replies["with_chain"], "with chain")


def check_names(case):
    """The longer name wins, case counts: by the field and by {CODE}, which is title or text."""
    for code, want in case.truths["names"].items():
        query = "mentions:%s" % code
        case.equal("names", sorted(case.found(query)), sorted(want), query)
        case.equal("names", sorted(case.found("{%s}" % code)), sorted(want), "{%s}" % code)
        parts = set(case.found("title:{%s}" % code)) | set(case.found("text:{%s}" % code))
        case.equal("names", sorted(parts), sorted(want), "title or text")
    for code, key in (("MN", "蒙古"), ("VN", "越南"), ("MM-KOKANG", "果敢"), ("IN-MN", "曼尼普尔"), ("KG", "吉尔吉斯斯坦")):
        named = [sister for sister, country in case.truths["sisters"].items() if country == key]
        found = set(case.found("title:{%s}" % code))
        case.equal("names", [sister for sister in named if sister not in found], [], "sisters about " + key)


def check_strings(case):
    for s, count in case.truths["strings"].items():
        spelled = [cli.quote(s)] + ([s] if cli.may_be_bare(s) else [])
        if s.isalpha() and s not in spelled:
            spelled.append("=" + s)
        for query in spelled:
            case.equal("strings", case.total(query), count, query)
            case.equal("strings_in_title", case.total("title:" + query), case.truths["strings_in_title"][s], query)
    for s, ids in case.truths["only_across_the_border"].items():
        found = case.found(cli.quote(s)) + case.found(s)
        case.equal("only_across_the_border", sorted(set(found) & set(ids)), [], s)


def check_coverage(case):
    for lang, days in case.truths["coverage_by_day"].items():
        got = {}
        for day in days:
            rows = cli.search_jsonl(case.folder, "date:" + day)
            got[day] = sum(source_file(row) == FILES[lang] for row in rows)
        case.equal("coverage_by_day", got, days, lang)
        inside = sum(source_file(row) == FILES[lang] for row in case.rows)
        case.equal("coverage_by_day", sum(got.values()), inside, lang + ", all days")


# --- what was seen later ---

def query_of(names):
    """Exactly these records."""
    return " OR ".join("(platform:%s id:%s)" % tuple(one.split(":", 1)) for one in names)


def views_of(case, query, *options):
    text = cli.run("count", "-i", case.folder, "--by", "section", "--stat", "sum:views", "--stat", "median:views", "--format", "json", *options, query)
    return json.loads(text)["totals"]["stats"]["views"]


def check_by_day(case, truth, names):
    """How many saw it by a day, and what was gone by then: a search as of that day."""
    query = query_of(names)
    for day, want in case.truths[truth].items():
        published = "(%s) date:..%s" % (query, day)
        got = cli.search_json(case.folder, published, "--as-of", day, "--facet", "status:0")
        status = {one["value"]: one["count"] for one in got["facets"]["status"]["values"]}
        views = views_of(case, published, "--as-of", day)
        gone = cli.search_json(case.folder, "gone:yes (%s)" % published, "--as-of", day)["total"]
        case.equal(truth, {"published": got["total"], "gone": gone, "status": status, "views": views["sum"], "with_views": got["total"] - views["absent"]}, want, day)


def check_observations(case):
    """After reading observations.csv; the checks before this one are of the records alone."""
    truths, path = case.truths, os.path.join(CORPORA, "observations.csv")
    want = truths["observations"]
    summary = json.loads(cli.run("observe", "-i", case.folder, "--summary", "-", path))
    case.equal("observations", (summary["read"], summary["pending"], summary["rejected"]), (want["rows"], len(want["unknown_records"]), 0), "summary")
    again = json.loads(cli.run("observe", "-i", case.folder, "--summary", "-", path))
    case.equal("observations", (again["observed"], again["unchanged"]), (0, want["rows"]), "the same file again")
    case.equal("status_latest", case.facet("status")[0])
    rows = {name(row): row for row in cli.search_jsonl(case.folder, "gone:yes", "--fields", "platform,id,status,gone_first")}
    case.equal("gone_latest", {key: row["status"] for key, row in rows.items()})
    # truths.json leaves out the post that two watchers contradict each other about.
    first = {key: row["gone_first"] for key, row in rows.items() if key not in want["contradictions"]}
    case.equal("gone_first", first)
    came_back = {key: (row["status"], row.get("gone_first")) for key, row in
                 ((name(row), row) for row in cli.search_jsonl(case.folder, query_of(want["came_back"])))}
    case.equal("observations", came_back, {key: ("live", None) for key in want["came_back"]}, "came back")
    for section, views in truths["views_by_section"].items():
        got = views_of(case, section_query(section))
        case.equal("views_by_section", (got["sum"], got["median"]), (views["sum_latest"], views["median_latest"]), section + ", latest")
    copies = [truths["first"]["id"], *truths["exact_copies"], *truths["traditional_copies"], *truths["near_copies"]]
    check_by_day(case, "original_and_copies_by_day", copies)
    check_by_day(case, "sisters_by_day", list(truths["sisters"]))
    for day, views in truths["views_of_the_first_by_day"].items():
        got = cli.search_json(case.folder, query_of([truths["first"]["id"]]), "--as-of", day)["hits"][0].get("views")
        case.equal("views_of_the_first_by_day", got, views, day)


CHECKS = (check_totals, check_languages, check_times, check_counts, check_sections, check_first, check_copies,
          check_excerpts, check_trace, check_sisters, check_replies, check_names, check_strings, check_coverage,
          check_observations)


def check_corpus(tally):
    """truths.json and README.md say what the records say."""
    done = subprocess.run([sys.executable, os.path.join(CORPORA, "truths.py"), "--check"], capture_output=True, text=True)
    tally.check(done.returncode == 0, "truths.py --check: " + done.stderr.strip())


def main(tally):
    options = cli.parser(__doc__).parse_args()
    cli.begin(options)
    check_corpus(tally)
    with open(os.path.join(CORPORA, "truths.json"), encoding="utf-8") as lines:
        truths = json.load(lines)
    with cli.workplace(options.index, tally) as temp:
        folder = os.path.join(temp, "truths.jibek")
        summary = cli.index(folder, [CORPORA])
        case = Case(folder, truths, tally)
        want = {key: value for key, value in truths["index_summary"].items() if key in summary}
        case.equal("index_summary", {key: summary[key] for key in want}, want)
        for check in CHECKS:
            check(case)
    tally.equal(sorted(set(truths) - case.checked), [], "truths that nobody asked for")


if __name__ == "__main__":
    cli.guarded(main)
