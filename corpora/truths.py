#!/usr/bin/env python3
"""The truths of this corpus, by brute force.

    truths.py [FOLD_TABLE]             print them (Markdown)
    truths.py --json   [FOLD_TABLE]    write truths.json
    truths.py --readme [FOLD_TABLE]    rewrite the block between the markers in README.md
    truths.py --check  [FOLD_TABLE]    exit 1 unless truths.json and README.md say the same

Everything is a plain loop over the records: slow, obvious, and independent of any index.
FOLD_TABLE is the traditional-to-simplified table, by default ../data/han_t2s_fold.tsv.
"""
import csv
import json
import re
import sys
import unicodedata
from collections import Counter
from datetime import datetime, timedelta, timezone
from difflib import SequenceMatcher
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent
CHINESE = {'baijiahao', 'douyin', 'haixia-luntan', 'tieba', 'toutiaohao', 'wechat', 'weibo', 'zhihu'}
ORIGINAL_TITLE = '哈萨克斯坦为何渴望回归中国'
SECTION = '揭秘历史真相'
SISTER = re.compile('^(.+)为何渴望回归中国$')
NEAR, SISTER_LIKE, EXCERPT = 0.80, 0.60, 30   # ratio of text, ratio with names put back, characters
GONE = {'author_deleted', 'platform_removed', 'account_banned', 'infringement', 'reported',
        'account_moved', 'gone'}
DAYS = ['2019-12-31', '2020-04-13', '2020-04-14', '2020-04-15', '2020-04-16', '2020-04-20',
        '2020-04-30', '2020-06-30']
STRINGS = ['哈萨克斯坦', '哈薩克斯坦', '中国', '回归', '回归中国', '回歸中國', '渴望回归', '为何渴望回归中国',
           '哈萨克斯坦为何渴望回归中国', '揭秘历史', '揭秘历史真相', '萨克斯', '克斯坦', '马里', '索马里', '苏丹',
           '努尔苏丹', 'G20峰会', '5G网络', '抗议', '账号', '#哈萨克斯坦#', '渴望回归，', '回归 中国', '🐎', '//@',
           'Қазақстан', 'Қазақстанның', 'Қытай', 'нота', 'Нұр-Сұлтан', 'Казахстан', 'Казахстана', 'Китай', 'еще',
           'ещё', 'нота протеста', 'Kazakhstan', 'China', 'eager to return', 'return to China', 'Qazaqstan',
           'Qytai', 'Qytaıǵa', 'maqala', 'قازاقستان', 'قازاقىستان', 'ماقالا', 'ماقالە', 'ساياساتقا', 'سایاساتقا', 'şopandar',
           'QAZAQSTAN', 'пойыз', 'پويىز']
SECTIONS = [SECTION, '時事轉貼', '财经', '体育', 'Политика', 'Разбор', 'Экономика', 'Politics', 'Data',
            'Саясат', 'Сараптама']

# The longer name wins: 索马里 is not 马里, 努尔苏丹 is not 苏丹, Malaysia is not Mali.
NAMES = {'ML': r'(?<!索)马里|\bmali\b|\bмали\b', 'SO': r'索马里|\bсомали\b', 'SD': r'(?<!努尔)苏丹|\bсудана\b'}

# ---- text -------------------------------------------------------------------------------------

HAMZA = {0x675: '\u0674\u0627', 0x676: '\u0674\u0648', 0x677: '\u0674\u06C7', 0x678: '\u0674\u0649'}
DROP = re.compile('[\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u202A-\u202E'
                  '\u2060-\u206F\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFF8\U000E0000-\U000E0FFF'
                  '\u0640\u064B-\u065F\u0670]')
LETTERS = {'ک': 'ك', 'ی': 'ي', 'ё': 'е'}


def read_fold_table(path):
    table = dict(LETTERS)
    for line in open(path, encoding='utf-8'):
        cells = line.rstrip('\n').split('\t')
        if not line.startswith('#') and len(cells) >= 3:
            table[cells[1]] = cells[2]
    return str.maketrans(table)


def fold(s):
    """The basic fold: what quotes and Han runs compare."""
    s = (s or '').translate(HAMZA)
    s = unicodedata.normalize('NFKC', unicodedata.normalize('NFKC', s).casefold())
    return re.sub(r'\s+', ' ', DROP.sub('', s).translate(FOLD))


def is_alphabetic(c):
    """A letter or digit of a script that writes spaces between words."""
    han = '\u2E80' <= c <= '\u2FFF' or '\u3005' <= c <= '\u9FFF' or '\U00020000' <= c <= '\U0003FFFF'
    return c.isalnum() and not han and not '\u0E00' <= c <= '\u0E7F'


def holds(text, s):
    """Does folded text hold folded s? An alphabetic end of s may not touch a letter or digit."""
    at = text.find(s)
    while at >= 0:
        before, after = text[at - 1:at], text[at + len(s):at + len(s) + 1]
        if not (before and is_alphabetic(before) and is_alphabetic(s[0])
                or after and is_alphabetic(after) and is_alphabetic(s[-1])):
            return True
        at = text.find(s, at + 1)
    return False


def longest_shared(a, b):
    return SequenceMatcher(None, a, b, autojunk=False).find_longest_match(0, len(a), 0, len(b)).size


def alike(a, b):
    return SequenceMatcher(None, a, b, autojunk=False).ratio()


# ---- records ----------------------------------------------------------------------------------

def name(d):
    return d['platform'] + ':' + d['id']


def when(s, platform=''):
    """A zoneless time is +08:00 on a Chinese platform and UTC elsewhere; a bare date is its midnight."""
    t = datetime.fromisoformat(s)
    return t if t.tzinfo else t.replace(tzinfo=timezone(timedelta(hours=8 if platform in CHINESE else 0)))


def count(v):
    """None where absent; a lower bound such as 10万+ gives its bound (see `lower_bounds`)."""
    if v is None or v == '':
        return None
    m = re.fullmatch(r'([\d.]+)(万?)\+?', str(v))
    return round(float(m[1]) * (10000 if m[2] else 1))


def load():
    records = []
    for path in sorted(HERE.glob('*.jsonl')):
        for line in open(path, encoding='utf-8'):
            d = json.loads(line)
            d['_file'], d['_title'], d['_text'] = path.name, fold(d.get('title')), fold(d['text'])
            d['_time'] = when(d['published_at'], d['platform'])
            records.append(d)
    return records


def load_observations(records):
    """Attach to every record the list of (time, row) that names it; return all rows and the strays."""
    rows = list(csv.DictReader(open(HERE / 'observations.csv', encoding='utf-8', newline='')))
    strays = []
    for d in records:
        d['_seen'] = []
        if 'collected_at' in d:
            d['_seen'].append((when(d['collected_at']), {k: d.get(k) for k in ('views', 'likes', 'comments', 'reposts')}))
    for row in rows:
        hit = [d for d in records if (row['id'] and (d['platform'], d['id']) == (row['platform'], row['id']))
               or (not row['id'] and d['url'] == row['url'])]
        for d in hit:
            d['_seen'].append((when(row['observed_at']), row))
        if not hit:
            strays.append(row)
    for d in records:
        d['_seen'].sort(key=lambda x: x[0])
    return rows, strays


def as_of(d, field, day=None):
    """The last observation that gives the field, not after the end of that day (UTC+8)."""
    end = when(day + 'T23:59:59', 'weibo') if day else None
    value = None
    for t, row in d['_seen']:
        if row.get(field) not in (None, '') and (end is None or t <= end):
            value = row[field]
    if value is None and not day and field in d:      # never collected at a known time
        value = d[field]
    return value if field == 'status' else count(value)


# ---- the truths -------------------------------------------------------------------------------

def tally(items):
    return dict(sorted(Counter(items).items(), key=lambda x: (-x[1], x[0])))


def ids(records):
    """In order of publication."""
    return [name(d) for d in sorted(records, key=lambda d: (d['_time'], name(d)))]


def relations(records):
    """Copies, near copies, excerpts and sisters of the first article, each record in one list only."""
    title = fold(ORIGINAL_TITLE)
    first = min((d for d in records if d['_title'] == title), key=lambda d: d['_time'])
    out = {k: [] for k in ('exact_copies', 'traditional_copies', 'near_copies', 'excerpts', 'sisters')}
    lookalikes, short_quotes = [], []
    for d in records:
        if d is first:
            continue
        d['_shared'] = longest_shared(first['_text'], d['_text'])
        m = SISTER.match(d['_title'])
        if (d.get('title'), d['text']) == (first['title'], first['text']):
            out['exact_copies'].append(d)
        elif (d['_title'], d['_text']) == (first['_title'], first['_text']):
            out['traditional_copies'].append(d)
        elif m and m[1] != '哈萨克斯坦' and '哈萨克斯坦' not in m[1]:
            d['_country'] = m[1]
            same = alike(first['_text'], d['_text'].replace(m[1], '哈萨克斯坦'))
            (out['sisters'] if same >= SISTER_LIKE else lookalikes).append(d)
        elif alike(first['_text'], d['_text']) >= NEAR:
            out['near_copies'].append(d)
        elif d['_shared'] >= EXCERPT:
            out['excerpts'].append(d)
        elif 12 <= d['_shared']:
            short_quotes.append(d)
    return first, out, lookalikes, short_quotes


def middle(values):
    """The median; of an even number of values, the mean of the two in the middle."""
    m = median(values)
    return int(m) if m == int(m) else m


def section_stats(records):
    out = {}
    for s in SECTIONS:
        inside = [d for d in records if d.get('section') == s]
        now = [v for v in (as_of(d, 'views') for d in inside) if v is not None]
        then = [v for v in (count(d.get('views')) for d in inside) if v is not None]
        out[s] = {'documents': len(inside), 'with_views': len(now),
                  'sum_recorded': sum(then), 'median_recorded': middle(then),
                  'sum_latest': sum(now), 'median_latest': middle(now)}
    return out


def fate(group):
    """Day by day: how many of the group were gone, by which status, and what views they had reached."""
    out = {}
    for day in DAYS:
        published = [d for d in group if d['_time'] <= when(day + 'T23:59:59', 'weibo')]
        status = tally(as_of(d, 'status', day) or 'unknown' for d in published)
        out[day] = {'published': len(published), 'gone': sum(n for s, n in status.items() if s in GONE),
                    'status': status, 'views': sum(as_of(d, 'views', day) or 0 for d in published),
                    'with_views': sum(as_of(d, 'views', day) is not None for d in published)}
    return out


def odd_observations(records, rows):
    """What came back after it was gone, what two watchers saw differently, and rows older than one before them."""
    back, clash = {}, {}
    for d in records:
        states = [(t, r['status']) for t, r in d['_seen'] if r.get('status')]
        gone = [t for t, s in states if s in GONE]
        live = [t for t, s in states if s == 'live']
        for t in {t for t, _ in states}:
            said = sorted({s for u, s in states if u == t})
            if len(said) > 1:
                clash[name(d)] = {'observed_at': t.isoformat(), 'statuses': said, 'settled': states[-1][1],
                                  'settled_at': states[-1][0].isoformat()}
        if name(d) not in clash and gone and live and max(live) > min(gone):
            back[name(d)] = {'gone_at': min(gone).isoformat(),
                             'back_at': min(t for t in live if t > min(gone)).isoformat()}
    times = [(when(r['observed_at']), r) for r in rows]
    late = [r for i, (t, r) in enumerate(times) if i and t < max(u for u, _ in times[:i])]
    return back, clash, late


def truths():
    records = load()
    rows, strays = load_observations(records)
    first, rel, lookalikes, short_quotes = relations(records)
    family = [first] + rel['exact_copies'] + rel['traditional_copies'] + rel['near_copies']
    back, clash, late = odd_observations(records, rows)
    contents = Counter((d.get('title', ''), d['text']) for d in records)
    folded = Counter((d['_title'], d['_text']) for d in records)
    media = {'kk': 'kazakh-media.jsonl', 'ru': 'russian-media.jsonl', 'en': 'english-media.jsonl'}
    dead = [d for d in records if as_of(d, 'status') in GONE]
    return {
        'documents': len(records),
        'by_file': tally(d['_file'] for d in records),
        'by_platform': tally(d['platform'] for d in records),
        'by_lang_given': tally(d['lang'] for d in records if 'lang' in d),
        'lang_not_given': sum('lang' not in d for d in records),
        'lang_not_given_by_platform': tally(d['platform'] for d in records if 'lang' not in d),
        'by_month': dict(sorted(Counter(d['published_at'][:7] for d in records).items())),
        'zoneless': ids(d for d in records if not re.search(r'[+-]\d\d:\d\d$', d['published_at'])),
        'without_collected_at': ids(d for d in records if 'collected_at' not in d),
        'without_title': sum('title' not in d for d in records),
        'without_views': sum('views' not in d for d in records),
        'views_as_strings': {name(d): d['views'] for d in records if isinstance(d.get('views'), str)},
        'lower_bounds': ids(d for d in records if str(d.get('views', '')).endswith('+')),
        'index_summary': {
            'read': len(records), 'added': len(contents), 'copies': len(records) - len(contents), 'rejected': 0,
            'copies_if_content_is_compared_folded': len(records) - len(folded)},
        'first': {'id': name(first), 'published_at': first['published_at'], 'section': first['section'],
                  'author': first['author'], 'url': first['url']},
        'section': {'name': SECTION, 'documents': ids(d for d in records if d.get('section') == SECTION),
                    'not_the_case': ids(d for d in records if d.get('section') == SECTION and d is not first
                                        and d not in rel['sisters'])},
        **{k: ids(v) for k, v in rel.items() if k != 'sisters'},
        'sisters': {name(d): d['_country'] for d in sorted(rel['sisters'], key=lambda d: d['_time'])},
        'sister_title_only': ids(lookalikes),
        'shorter_quotes_12_to_29': {name(d): d['_shared'] for d in short_quotes},
        'longest_shared': {name(d): d['_shared'] for k in rel for d in sorted(rel[k], key=lambda d: d['_time'])},
        'replies': {'with_parent': ids(d for d in records if 'parent' in d),
                    'with_chain': ids(d for d in records if '//@' in d['text'])},
        'strings': {s: sum(holds(d['_title'], fold(s)) or holds(d['_text'], fold(s)) for d in records)
                    for s in STRINGS},
        'strings_in_title': {s: sum(holds(d['_title'], fold(s)) for d in records) for s in STRINGS},
        'only_across_the_border': {s: ids(d for d in records if fold(s) in d['_title'] + d['_text']
                                          and fold(s) not in d['_title'] and fold(s) not in d['_text'])
                                   for s in ('回归中国', '哈萨克斯坦')},
        'names': {c: ids(d for d in records if re.search(p, d['_title']) or re.search(p, d['_text']))
                  for c, p in NAMES.items()},
        'coverage_by_day': {lang: dict(sorted(Counter(d['published_at'][:10] for d in records
                                                      if d['_file'] == f).items())) for lang, f in media.items()},
        'views_by_section': section_stats(records),
        'observations': {'rows': len(rows), 'with_status': tally(r['status'] or 'none' for r in rows),
                         'records_observed': sum(len(d['_seen']) > ('collected_at' in d) for d in records),
                         'unknown_records': [r['platform'] + ':' + r['id'] for r in strays],
                         'named_by_url_alone': [{'url': r['url'], 'records': sum(d['url'] == r['url'] for d in records)}
                                                for r in rows if not r['id']],
                         'contradictions': clash, 'came_back': back,
                         'out_of_order': [{'id': r['platform'] + ':' + r['id'], 'observed_at': r['observed_at']} for r in late]},
        'status_latest': tally(as_of(d, 'status') or 'unknown' for d in records),
        'gone_latest': {name(d): as_of(d, 'status') for d in sorted(dead, key=name)},
        'gone_first': {name(d): min(t for t, r in d['_seen'] if r.get('status') in GONE).isoformat()
                       for d in sorted(dead, key=name) if name(d) not in clash},
        'original_and_copies_by_day': fate(family),
        'sisters_by_day': fate(rel['sisters']),
        'views_of_the_first_by_day': {day: as_of(first, 'views', day) for day in DAYS},
    }


# ---- output -----------------------------------------------------------------------------------

def markdown(t):
    lines = []

    def put(label, value, depth=0):
        pad = '  ' * depth
        flat = not isinstance(value, (dict, list))
        if flat:
            lines.append(f'{pad}- {label}: `{value}`')
        elif isinstance(value, list) and all(isinstance(v, str) for v in value):
            lines.append(f'{pad}- {label} ({len(value)}): ' + (', '.join(f'`{v}`' for v in value) or 'none'))
        elif isinstance(value, list):
            lines.append(f'{pad}- {label} ({len(value)}):')
            for v in value:
                lines.append(f'{pad}  - ' + ', '.join(f'{a} `{b}`' for a, b in v.items()))
        elif all(not isinstance(v, (dict, list)) for v in value.values()):
            lines.append(f'{pad}- {label}: ' + (', '.join(f'{a} `{b}`' for a, b in value.items()) or 'none'))
        else:
            lines.append(f'{pad}- {label}:')
            for a, b in value.items():
                put(a, b, depth + 1)

    for key, value in t.items():
        put('**' + key.replace('_', ' ') + '**', value)
    return '\n'.join(lines) + '\n'


def readme_with(block):
    text = (HERE / 'README.md').read_text(encoding='utf-8')
    head, rest = text.split('<!-- truths -->\n', 1)
    return head + '<!-- truths -->\n' + block + '<!-- /truths -->\n' + rest.split('<!-- /truths -->\n', 1)[1]


def main():
    global FOLD
    options = [a for a in sys.argv[1:] if a.startswith('--')]
    paths = [a for a in sys.argv[1:] if not a.startswith('--')]
    FOLD = read_fold_table(paths[0] if paths else HERE.parent / 'data' / 'han_t2s_fold.tsv')
    t = truths()
    as_json, as_text = json.dumps(t, ensure_ascii=False, indent=1) + '\n', markdown(t)
    if '--json' in options:
        (HERE / 'truths.json').write_text(as_json, encoding='utf-8')
    elif '--readme' in options:
        (HERE / 'README.md').write_text(readme_with(as_text), encoding='utf-8')
    elif '--check' in options:
        same = ((HERE / 'truths.json').read_text(encoding='utf-8') == as_json
                and (HERE / 'README.md').read_text(encoding='utf-8') == readme_with(as_text))
        sys.exit(0 if same else 'truths.json or README.md differ from what the records say')
    else:
        sys.stdout.write(as_text)


if __name__ == '__main__':
    main()
