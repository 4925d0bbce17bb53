# SPDX-License-Identifier: GPL-3.0-or-later
"""Records with random histories, and a plain replay of what was known of them at a time."""

import calendar
import datetime

COUNTS = ("views", "likes", "comments", "reposts")
GONE = ("author_deleted", "platform_removed", "account_banned", "infringement", "reported", "account_moved", "gone")
ZONE = 8 * 3600
START = calendar.timegm((2020, 1, 1, 0, 0, 0)) - ZONE
DAY = 86400


def written(at):
    """Seconds since 1970 as a time of China's."""
    return datetime.datetime.utcfromtimestamp(at + ZONE).strftime("%Y-%m-%dT%H:%M:%S+08:00")


def end_of(day):
    """The last moment of a day written 2020-04-15, in seconds."""
    return calendar.timegm(tuple(map(int, day.split("-"))) + (0, 0, 0)) - ZONE + DAY - 1


class Seen:
    """One observation: when, and what of status, counts, message and watcher it gives."""

    def __init__(self, at, status=None, counts=None, message="", seen_by="", confirm=1):
        self.at, self.status, self.counts = at, status, counts or {}
        self.message, self.seen_by, self.confirm = message, seen_by, confirm

    def key(self):
        return (self.at, self.status, tuple(sorted(self.counts.items())), self.message, self.seen_by)

    def says(self):
        return bool(self.status or self.counts or self.message)


def replay(history, until):
    """What holds at `until` (None: now), by the plain definition."""
    now = {"status": "unknown", "gone_first": None, "live_last": None, **dict.fromkeys(COUNTS)}
    failed = []
    for seen in sorted((one for one in history if until is None or one.at <= until), key=lambda one: one.at):
        now.update(seen.counts)
        if seen.status == "live":
            failed = []
            now.update(status="live", live_last=seen.at, gone_first=None)
        elif seen.status:
            failed.append(seen.at)
            if now["gone_first"] is not None or len(failed) >= seen.confirm:
                now.update(status=seen.status, gone_first=failed[0])
    return now


class Record:
    def __init__(self, number, random):
        self.id, self.platform = "r%d" % number, random.choice(["weibo", "wechat", "zhihu", "tieba"])
        # Some addresses are of two records.
        self.url = "https://a.example/%d" % (number if random.random() < 0.9 else number // 2)
        self.published = START + random.randrange(100 * DAY)
        self.words = random.sample(["哈萨克斯坦", "回归", "alpha", "beta", "gamma"], 2)
        self.indexed = None
        self.collected = self.published + random.randrange(20 * DAY) if random.random() < 0.8 else None
        self.own = Seen(self.collected)
        if random.random() < 0.6:
            self.own.counts["views"] = random.randrange(2000)
        if random.random() < 0.3:
            self.own.counts["likes"] = random.randrange(50)
        if self.collected is not None and random.random() < 0.1:  # else it is the clock that dates it
            self.own.status = random.choice(("live",) + GONE)
        self.history, self.known = [], set()
        self.by_url = []  # of the history: what named it by its address

    def line(self):
        row = {"platform": self.platform, "id": self.id, "url": self.url, "published_at": written(self.published),
               "text": "%s %s %s" % (self.id, *self.words), **self.own.counts}
        if self.collected is not None:
            row["collected_at"] = written(self.collected)
        if self.own.status:
            row["status"] = self.own.status
        return row

    def come(self, now, waiting, waiting_by_url, shared):
        """It is indexed.  What waited for it comes after what it says itself, then what named by the
        address another record that shares it."""
        self.indexed = True
        if self.own.at is None:
            self.own.at = now
        if self.own.says():
            self.see(self.own)
        for one in waiting:
            self.see(one)
        for one in waiting_by_url + shared:
            self.see(one, by_url=True)

    def see(self, one, by_url=False):
        if one.key() in self.known:
            return False
        self.known.add(one.key())
        self.history.append(one)
        if by_url:
            self.by_url.append(one)
        return True


def random_seen(record, random, confirm):
    """What somebody saw: late or early, live or gone, with counts or without."""
    at = record.published + random.randrange(-3 * DAY, 120 * DAY)
    kind = random.random()
    status = "live" if kind < 0.45 else random.choice(GONE) if kind < 0.8 else None
    counts = {name: random.randrange(3000) for name in COUNTS if random.random() < 0.35}
    message = random.choice(["", "", "说：“没有了”, и всё", "line\nbreak"]) if status in GONE else ""
    seen = Seen(at, status, counts, message, random.choice(["", "a", "b"]), confirm)
    return seen if seen.says() else random_seen(record, random, confirm)
