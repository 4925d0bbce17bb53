#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is around observing: names of all kinds, profiles, messages and their meaning, failed checks,
rejects, records that come later, earlier versions, forgetting and purging."""

import csv
import io
import json
import os
import subprocess
import time

import cli
import records

SECRET = "an unmistakable message 7f3a"
LATER = "an unmistakable later message 91c2"


class Place:
    def __init__(self, temp, tally, random):
        self.temp, self.tally, self.random, self.files = temp, tally, random, 0

    def file(self, text, ending="csv"):
        self.files += 1
        path = os.path.join(self.temp, "%d.%s" % (self.files, ending))
        with open(path, "w", encoding="utf-8", newline="") as out:
            out.write(text)
        return path

    def index(self, name, rows):
        folder = os.path.join(self.temp, name)
        path = self.file("", "jsonl")
        records.write_jsonl(path, rows)
        cli.index(folder, [path])
        return folder

    def observe(self, folder, text, *options, ending="csv", expect=(0,)):
        out = cli.run("observe", "-i", folder, "--summary", "-", *options, self.file(text, ending), expect=expect)
        return json.loads(out)

    def known(self, folder, query, *fields, options=()):
        """{id: values} of what a query finds."""
        rows = cli.search_jsonl(folder, query, "--fields", ",".join(("id",) + fields), *options)
        return {row.get("id", "-"): tuple(row.get(field) for field in fields) for row in rows}


def post(number, **more):
    return {"platform": "weibo", "id": "n%d" % number, "url": "https://w.example/%d" % number, "text": "text %d" % number,
            "published_at": "2020-01-01", "collected_at": "2020-01-02T00:00:00+08:00", **more}


def check_names(place):
    """By platform and id, by url (which two share), by digest."""
    rows = [post(1), post(2, url="https://w.example/1"), {"text": "only text"}, post(3, platform="zhihu")]
    folder = place.index("names", rows)
    digest = [one for one in cli.search_ids(folder, "*") if len(one) == 32][0]
    got = place.observe(folder, "platform,id,url,observed_at,status\nweibo,n1,,2020-02-01,live\n,,https://w.example/1,2020-02-02,gone\n"
                                ",%s,,2020-02-03,live\nzhihu,n1,,2020-02-01,gone\n" % digest)
    place.tally.equal([got[key] for key in ("observed", "pending", "rejected")], [3, 1, 0], "names: summary")
    place.tally.equal(place.known(folder, "*", "status", "live_last"),
                      {"n1": ("gone", "2020-02-01"), "n2": ("gone", None), "-": ("live", "2020-02-03"), "n3": ("unknown", None)}, "names")


def check_versions(place):
    """What names an earlier version means the living one."""
    folder = place.index("versions", [post(1)])
    place.observe(folder, "platform,id,observed_at,status,views\nweibo,n1,2020-01-05,live,10\n")
    path = place.file("", "jsonl")
    records.write_jsonl(path, [post(1, text="other text", url="https://w.example/new", collected_at="2020-01-10T00:00:00+08:00")])
    cli.index(folder, [path])
    place.observe(folder, "url,observed_at,http_status\nhttps://w.example/1,2020-01-20,404\n")
    place.tally.equal(place.known(folder, "*", "status", "views", "live_last", "gone_first"), {"n1": ("gone", 10, "2020-01-05", "2020-01-20")}, "versions")
    place.tally.equal(place.known(folder, "*", "status", "views", options=("--as-of", "2020-01-06")), {"n1": ("live", 10)}, "versions as of a day")


def check_meaning(place):
    """Messages and answers of servers, in the words they come in."""
    cases = [("200", "", "live"), ("404", "", "gone"), ("410", "", "gone"), ("451", "", "platform_removed"), ("503", "", "unknown"), ("403", "", "unknown"),
             ("200", "该内容已被发布者删除", "author_deleted"), ("", "此内容因违规无法查看。", "platform_removed"), ("", "This content VIOLATES  regulations", "platform_removed"),
             ("", "此帐号已被屏蔽", "account_banned"), ("", "此内容被投诉且经审核涉嫌侵权", "infringement"), ("", "该公众号已迁移", "account_moved"),
             ("", "此内容被多人投诉", "reported"), ("", "deleted by the author", "author_deleted"), ("", "whatever", "unknown"), ("404", "Not Found", "gone")]
    folder = place.index("meaning", [post(i) for i in range(len(cases) + 1)])
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(["url", "checked_at", "http_status", "message"])
    for i, (http, message, _) in enumerate(cases):
        rows.writerow(["https://w.example/%d" % i, "2020-03-01 12:00", http, message])
    place.observe(folder, text.getvalue())
    want = {"n%d" % i: (status,) for i, (_, _, status) in enumerate(cases)}
    place.tally.equal(place.known(folder, "*", "status"), {**want, "n%d" % len(cases): ("unknown",)}, "meaning")
    shown = cli.run("show", "-i", folder, "n6").decode("utf-8")
    place.tally.check('"该内容已被发布者删除"' in shown, "show has no message")
    reasons = place.file("# ours\naccount_banned\tis\twhatever\nlive\thttp\t403\n", "tsv")
    place.observe(folder, "url,checked_at,http_status,message\nhttps://w.example/14,2020-03-02,,whatever\nhttps://w.example/5,2020-03-02,403,\n", "--reasons", reasons)
    place.tally.equal(place.known(folder, "id:n14 OR id:n5", "status"), {"n14": ("account_banned",), "n5": ("live",)}, "reasons of a user")
    cli.run("observe", "-i", folder, "--reasons", place.file("live\tis\n", "tsv"), reasons, expect=(2,))


def check_confirm(place):
    folder = place.index("confirm", [post(1)])
    days = ["weibo,n1,2020-02-0%d,%s\n" % day for day in [(1, "live"), (2, "gone"), (3, "gone"), (4, "gone")]]
    heading = "platform,id,observed_at,status\n"
    for count, want in ((2, "live"), (3, "live"), (4, "gone")):
        place.observe(folder, heading + "".join(days[:count]), "--confirm", "3")
        place.tally.equal(place.known(folder, "*", "status")["n1"][0], want, "%d rows of three failed checks" % count)
    place.tally.equal(place.known(folder, "*", "gone_first", "live_last"), {"n1": ("2020-02-02", "2020-02-01")}, "confirmed: the first failed check counts")
    place.tally.equal(place.known(folder, "*", "status", options=("--as-of", "2020-02-03")), {"n1": ("live",)}, "not confirmed by then")
    place.observe(folder, heading + "weibo,n1,2020-02-05,live\n")
    place.tally.equal(place.known(folder, "*", "status", "gone_first", "live_last"), {"n1": ("live", None, "2020-02-05")}, "it came back")


def check_profiles(place):
    rows = [{"platform": "weibo", "id": "m1", "text": "one"}, {"platform": "weibo", "id": "m2", "text": "two"},
            {"platform": "wechat", "url": "https://mp.example/a", "text": "three"}, {"url": "https://a.example/b", "text": "four"}]
    folder = place.index("profiles", rows)
    got = place.observe(folder, "mid,retweeted_status_mid,uid,text,created_at,deleted_last_seen,permission_denied\n"
                                "m1,,1,one,2012-01-01 00:00:00,2012-01-05 12:00:00,t\nm2,,1,two,2012-01-01 00:00:00,,\n")
    place.tally.equal((got["read"], got["observed"], got["unchanged"]), (3, 2, 1), "weiboscope: summary")
    place.tally.equal(place.known(folder, "id:m1", "status", "live_last"), {"m1": ("platform_removed", "2012-01-05T12:00:00+08:00")}, "weiboscope")
    again = place.observe(folder, "mid,deleted_last_seen,permission_denied\nm1,2012-01-05 12:00:00,t\n")
    place.tally.equal((again["observed"], again["unchanged"]), (0, 2), "weiboscope again")
    place.observe(folder, "title,nickname,created_at,archive,censored_date,censored_msg\nx,y,2019-01-01,https://mp.example/a,2019-01-03,此内容因违规无法查看\n")
    place.observe(folder, "Link,Archive status,Archive location,Archive date,Title\nhttps://a.example/b,wayback: success,https://web.example/1,2021-05-01T00:00:00Z,t\n")
    got = {row.get("id", row.get("url")): (row["status"], row.get("gone_first"), row.get("live_last")) for row in
           cli.search_jsonl(folder, "-platform:weibo", "--fields", "id,url,status,gone_first,live_last")}
    place.tally.equal(got, {"https://mp.example/a": ("platform_removed", "2019-01-03", None), "https://a.example/b": ("live", None, "2021-05-01T00:00:00+00:00")}, "wechatscope, auto-archiver")
    place.observe(folder, "link,title,is_deleted,ban_flag\nhttps://mp.example/a,x,1,0\n", "--map", "wechat-exporter")
    got = cli.search_jsonl(folder, "url:\"https://mp.example/a\"", "--fields", "status")
    place.tally.equal(got, [{"status": "author_deleted"}], "wechat-exporter")
    place.tally.equal(cli.run("observe", "--map", "list").decode().split()[0], "generic", "list of profiles")
    cli.run("observe", "-i", folder, "--map", "nothing", "x.csv", expect=(2,))


def check_weiboscope(place):
    """A file says the same to `observe` as to `index`, what its database writes for nothing included."""
    posts = ["mid,retweeted_status_mid,uid,text,created_at,deleted_last_seen,permission_denied\n"]
    nothing = ["", "\\N", "NULL"]
    for number, (seen, denied) in enumerate((seen, denied) for seen in nothing + ["2012-01-05 12:00:00"]
                                            for denied in nothing + ["f", "0", "false", "t", "1", "true", "permission denied", "odd"]):
        name = "mJ4uPAB%02d" % number if number % 3 == 0 else "34674325163%05d" % number
        posts.append("%s,,1,post %d,2012-01-03 10:00:00,%s,%s\n" % (name, number, seen, denied))
    text = "".join(posts)
    fields = ("status", "live_last")
    tables = []
    for name, seen in (("indexed", None), ("observed", "")):
        folder = os.path.join(place.temp, name + ".jibek")
        blank = "\n".join([line.rsplit(",", 2)[0] + ",," for line in text.split("\n")[1:-1]])
        source = text if seen is None else posts[0] + blank + "\n"
        cli.index(folder, [place.file(source, "csv")], "--map", "weiboscope")
        if seen is not None:
            got = place.observe(folder, text)
            place.tally.equal((got["rejected"], got["pending"]), (0, 0), "weiboscope: rows that are refused or unknown")
        tables.append(place.known(folder, "*", *fields))
    last_seen = [row for row in tables[0].values() if row[1]]
    place.tally.equal(len(last_seen), 11, "weiboscope: posts that were last seen")
    place.tally.equal(tables[1], tables[0], "weiboscope by observe and by index")


def check_rejects(place):
    folder = place.index("rejects", [post(1)])
    rejects = os.path.join(place.temp, "rejects.jsonl")
    text = ("platform,id,observed_at,status,views\nweibo,n1,yesterday,live,\nweibo,n1,2020-01-05,live,many\nweibo,n1,2020-01-05,dissolved,\n"
            ",,2020-01-05,live,\nweibo,n1,2020-01-05,,\nweibo,n1,2020-01-05\nweibo,n1,2020-01-05,live,1,2\nweibo,n1,2020-01-06,live,\"7\"\n")
    got = place.observe(folder, text, "--rejects", rejects, expect=(1,))
    place.tally.equal(got["reasons"], {"bad_date": 1, "bad_count": 1, "bad_status": 1, "unnamed": 1, "empty_record": 1, "cells": 2}, "rejects")
    place.tally.equal((got["read"], got["observed"], got["rejected"]), (8, 1, 7), "rejects: summary")
    with open(rejects, encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    place.tally.equal([row["line"] for row in rows], [2, 3, 4, 5, 6, 7, 8], "rejects: lines")
    place.tally.equal(rows[0]["bytes"], "weibo,n1,yesterday,live,", "rejects: bytes")
    lines = [json.dumps({"platform": "weibo", "id": "n1", "observed_at": "2020-01-07", "views": 12}), "{broken", "[1]",
             json.dumps({"platform": "weibo", "id": "n1", "checked_at": 1578441600, "message": "a\nb"})]
    got = place.observe(folder, "\n".join(["", *lines]), "--rejects", rejects, ending="jsonl", expect=(1,))
    place.tally.equal((got["observed"], got["reasons"]), (2, {"json_syntax": 1, "not_object": 1}), "JSON lines")
    place.tally.equal(place.known(folder, "*", "views"), {"n1": (12,)}, "JSON lines: views")
    missing = os.path.join(place.temp, "no-index")
    cli.run("observe", "-i", missing, rejects, expect=(3,))
    place.tally.check(not os.path.exists(missing), "observing made an index")


def on_disk(folder, text):
    found = []
    for name in os.listdir(folder):
        with open(os.path.join(folder, name), "rb") as file:
            if text.encode() in file.read():
                found.append(name)
    return found


def check_forgetting(place):
    folder = place.index("forget", [post(i) for i in range(4)])
    row = "platform,id,observed_at,status,message\nweibo,%s,2020-03-01,gone,%s\n"
    for name, message in (("n1", SECRET), ("n2", "kept"), ("n9", "waiting")):
        place.observe(folder, row % (name, message))
    info = cli.run("info", "-i", folder).decode()
    place.tally.check("observations  2\n" in info and "pending       1\n" in info, "info: " + info)
    cli.run("forget", "-i", folder, "id:n1")
    place.tally.equal(place.observe(folder, row % ("n1", LATER))["pending"], 1, "a forgotten record is unknown")
    cli.run("compact", "-i", folder, "--purge")
    place.tally.equal(on_disk(folder, SECRET), [], "the message of a forgotten record after a purge")
    place.tally.equal(place.known(folder, "*", "status"), {"n0": ("unknown",), "n2": ("gone",), "n3": ("unknown",)}, "after a purge")
    place.tally.check("kept" in cli.run("show", "-i", folder, "n2").decode(), "a purge took another's history")
    cli.run("check", "--deep", "-i", folder)
    path = place.file("", "jsonl")
    records.write_jsonl(path, [post(1), post(9)])
    cli.index(folder, [path])
    place.tally.equal(place.known(folder, "id:n1 OR id:n9", "status"), {"n1": ("gone",), "n9": ("gone",)}, "what waited")
    place.tally.check("pending" not in cli.run("info", "-i", folder).decode(), "it waits no more")
    cli.run("check", "-i", folder)


def check_many(place):
    """More observations of one post than a row holds, and the same ones again."""
    folder = place.index("many", [post(1), post(2)])
    text = "platform,id,observed_at,status,views,seen_by\n" + "".join(
        "weibo,n1,2020-02-01T%02d:%02d:%02d+08:00,live,%d,w%d\n" % (i // 3600, i // 60 % 60, i % 60, i, i % 7) for i in range(5000))
    place.tally.equal(place.observe(folder, text)["observed"], 5000, "many")
    place.tally.equal(place.observe(folder, text)["unchanged"], 5000, "many again")
    place.tally.equal(place.known(folder, "id:n1", "views", options=("--as-of", "2020-02-01T00:50:00+08:00")), {"n1": (3000,)}, "many as of a minute")
    place.observe(folder, "platform,id,observed_at,status\nweibo,n1,2020-02-02,gone\nweibo,n2,2020-02-02,live\n")
    place.tally.equal(place.known(folder, "*", "status"), {"n1": ("gone",), "n2": ("live",)}, "one more")
    cli.run("check", "-i", folder)


def check_killing(place):
    """Killed at random moments and given again, it comes to the same; a reader sees whole batches."""
    rows = [post(i) for i in range(2000)]
    text = "platform,id,observed_at,status,views,message\n" + "".join(
        "weibo,n%d,2020-02-%02d,live,%d,%s\n" % (place.random.randrange(2400), 1 + i % 28, i, "m" * (i % 400)) for i in range(100000))
    path, whole, killed = place.file(text), place.index("whole", rows), place.index("killed", rows)
    options = ("--memory", "64M", path)
    cli.run("observe", "-i", whole, *options)
    ended = 0
    for _ in range(6):
        process = subprocess.Popen(cli.command("observe", "-i", killed, *options), stderr=subprocess.DEVNULL)
        time.sleep(place.random.uniform(0.02, 0.4))
        process.kill()
        ended += process.wait() == 0
        cli.run("check", "-i", killed)
    cli.run("observe", "-i", killed, *options)
    fields = ("status", "views", "live_last")
    place.tally.equal(place.known(killed, "*", *fields) == place.known(whole, "*", *fields), True, "killed and whole say the same")
    infos = [cli.run("info", "-i", folder).decode().split("words")[0] for folder in (killed, whole)]
    place.tally.equal(infos[0], infos[1], "killed and whole hold the same")


CHECKS = (check_names, check_versions, check_meaning, check_confirm, check_profiles, check_weiboscope, check_rejects, check_forgetting, check_many, check_killing)


def main(tally):
    options = cli.parser(__doc__).parse_args()
    random = cli.begin(options)
    with cli.workplace(options.index, tally) as temp:
        place = Place(temp, tally, random)
        for check in CHECKS:
            check(place)


if __name__ == "__main__":
    cli.guarded(main)
