# SPDX-License-Identifier: GPL-3.0-or-later
"""Web pages with a planted article each, in layouts unlike one another: what tests compare the
main text with.  LAYOUTS are those the program was tuned with; OTHERS were written with them and
never looked at while tuning."""

import html
import json

WORDS = {
    "zh": {
        "menu": "首页 新闻 国际 财经 体育 娱乐 科技 军事 历史 文化 图片 视频 直播 房产 汽车 教育 健康 旅游".split(),
        "site": ["丝路新闻网", "边城在线", "今日观察"], "comments": "网友评论", "related": "相关阅读", "reply": "回复",
        "likes": "赞", "ad": ["限时优惠，点击领取购物券", "扫码下载客户端，新闻早知道", "装修省一半，马上报名"], "source": "来源：%s",
        "author": "作者：%s", "editor": "责任编辑：%s", "share": "分享到：微信 微博 QQ空间", "hot": "热门推荐",
        "rights": "版权所有 © 2003-2020 %s 未经授权不得转载 京ICP备05000000号", "search": "搜索", "login": "登录 注册",
        "names": "王小明 李建国 春风化雨 西域来客 老张 天山雪莲 路人甲".split(), "tags": "标签：哈萨克斯坦 中亚 外交",
        "prev": "上一篇", "next": "下一篇", "read": "阅读 %d", "more": "查看更多",
    },
    "ru": {
        "menu": "Главная|Новости|Политика|Экономика|Общество|Мир|Спорт|Культура|Видео|Фото|Блоги|Контакты".split("|"),
        "site": ["Степной вестник", "Курьер Азии", "Портал 24"], "comments": "Комментарии (%d)",
        "related": "Читайте также", "reply": "Ответить", "likes": "Нравится",
        "ad": ["Реклама. Кредит за пять минут без справок!", "Окна со скидкой 40 процентов, звоните сейчас",
               "Скачайте наше приложение бесплатно"], "source": "Источник: %s", "author": "Автор: %s",
        "editor": "Редактор: %s", "share": "Поделиться: ВКонтакте Facebook Telegram", "hot": "Популярное",
        "rights": "© 2003–2020 %s. Все права защищены. Использование материалов без ссылки запрещено.",
        "search": "Поиск", "login": "Войти Регистрация", "names": "Айбек,Сергей П.,Гульнара,Иван,степняк,Асель,Марат".split(","),
        "tags": "Теги: Казахстан, Китай, МИД", "prev": "Предыдущая новость", "next": "Следующая новость",
        "read": "Просмотров: %d", "more": "Ещё новости",
    },
    "kk": {
        "menu": "Басты бет|Жаңалықтар|Саясат|Экономика|Қоғам|Әлем|Спорт|Мәдениет|Видео|Байланыс".split("|"),
        "site": ["Дала хабар", "Жібек жолы", "Егемен күн"], "comments": "Пікірлер (%d)",
        "related": "Тағы оқыңыз", "reply": "Жауап беру", "likes": "Ұнайды",
        "ad": ["Жарнама. Несие бес минутта рәсімделеді!", "Қосымшаны тегін жүктеп алыңыз"],
        "source": "Дереккөз: %s", "author": "Авторы: %s", "editor": "Редактор: %s", "share": "Бөлісу: Facebook Telegram",
        "hot": "Танымал", "rights": "© 2003–2020 %s. Барлық құқықтар қорғалған.", "search": "Іздеу",
        "login": "Кіру Тіркелу", "names": "Айбек,Гүлнар,Нұрлан,Әсел,Марат,Сәуле".split(","), "tags": "Тегтер: Қазақстан, Қытай",
        "prev": "Алдыңғы", "next": "Келесі", "read": "Қаралды: %d", "more": "Көбірек",
    },
    "ug": {
        "menu": "باش بەت|خەۋەر|سىياسەت|ئىقتىساد|جەمئىيەت|دۇنيا|تەنتەربىيە|مەدەنىيەت|سىن".split("|"),
        "site": ["تارىم خەۋەر", "يىپەك يولى"], "comments": "ئىنكاسلار (%d)", "related": "مۇناسىۋەتلىك خەۋەرلەر",
        "reply": "جاۋاب", "likes": "ياخشى", "ad": ["ئېلان. ئەپنى ھەقسىز چۈشۈرۈڭ"], "source": "مەنبە: %s",
        "author": "ئاپتور: %s", "editor": "مۇھەررىر: %s", "share": "ھەمبەھىرلەش", "hot": "ئەڭ كۆپ ئوقۇلغان",
        "rights": "© 2020 %s بارلىق ھوقۇقى قوغدىلىدۇ", "search": "ئىزدەش", "login": "كىرىش", "names": "ئەركىن,گۈلنار,تۇرسۇن,ئالىم".split(","),
        "tags": "خەتكۈش: قازاقىستان", "prev": "ئالدىنقى", "next": "كېيىنكى", "read": "ئوقۇلدى: %d", "more": "تېخىمۇ كۆپ",
    },
    "en": {
        "menu": "Home|News|Politics|Business|World|Sport|Culture|Video|Opinion|About us|Contact".split("|"),
        "site": ["Silk Observer", "Steppe Times"], "comments": "%d comments", "related": "Related articles", "reply": "Reply",
        "likes": "Like", "ad": ["Advertisement: save up to 50% on flights today!", "Download our free app now"],
        "source": "Source: %s", "author": "By %s", "editor": "Editor: %s", "share": "Share: Facebook Twitter Email",
        "hot": "Most read", "rights": "© 2003–2020 %s. All rights reserved. Terms of use apply.", "search": "Search",
        "login": "Log in Sign up", "names": "Alice,Bob K.,steppe_fox,Marat,Jane D.".split(","), "tags": "Tags: Kazakhstan, China",
        "prev": "Previous article", "next": "Next article", "read": "Views: %d", "more": "More news",
    },
}


class Page:
    """One page in the making: the article, and chatter of its language from other texts."""

    def __init__(self, random, article, others):
        self.random = random
        self.article = article
        self.w = WORDS[article["lang"]]
        self.others = others or [article]
        self.site = random.choice(self.w["site"])
        self.author = random.choice(self.w["names"])
        self.date = "2020-%02d-%02d" % (random.randrange(1, 13), random.randrange(1, 29))
        self.time = "%02d:%02d" % (random.randrange(24), random.randrange(60))
        self.title = article["title"]

    def e(self, text):
        return html.escape(text, quote=self.random.random() < 0.5)

    def says(self, key, *args):
        word = self.w[key]
        return self.e(word % args if "%" in word else word)

    def other(self):
        return self.random.choice(self.others)

    def chatter(self, most=300):
        """Some sentences as people write under an article, long or short."""
        text = self.random.choice(self.other()["paragraphs"])
        start = self.random.randrange(max(1, len(text) - most))
        return self.e(text[start:start + self.random.randrange(8, most)])

    def headline(self):
        other = self.other()
        return self.e((other["title"] or other["paragraphs"][0])[:40])

    def link(self, text=None, href=None):
        n = self.random.randrange(10 ** 6)
        return '<a href="%s">%s</a>' % (href or "/news/%d.html" % n, text or self.headline())

    def menu(self, item="<li>%s</li>"):
        return "".join(item % self.link(self.e(word), "/" + str(i)) for i, word in enumerate(self.w["menu"]))

    def links(self, n, item="<li>%s</li>"):
        return "".join(item % self.link() for _ in range(n))

    def ad(self):
        return self.e(self.random.choice(self.w["ad"]))

    def name(self):
        return self.e(self.random.choice(self.w["names"]))

    def paragraphs(self, item="<p>%s</p>\n"):
        out = []
        for text in self.article["paragraphs"]:
            text = self.e(text)
            if self.random.random() < 0.1 and len(text) > 40 and "&" not in text:
                text = text[:10] + "<strong>" + text[10:16] + "</strong>" + text[16:]
            out.append(item % text)
        return out

    def with_ads(self, parts, ad):
        """An advert somewhere between the paragraphs."""
        if len(parts) > 2 and self.random.random() < 0.6:
            parts.insert(self.random.randrange(1, len(parts)), ad)
        return "".join(parts)

    def head(self, suffix=" - %s", extra=""):
        full = self.title + (suffix % self.site if suffix else "")
        return "<!DOCTYPE html>\n<html><head><meta charset=utf-8><title>%s</title>%s<style>p{margin:0}</style>" \
               "<script>var track='%s';document.write('<p>no</p>')</script></head>\n" % (self.e(full), extra, "x" * 50)


# --- layouts ---


def soup(p):
    """Nested divs with telling names, paragraphs in p."""
    comments = "".join('<div class="comment-item"><div class="comment-author">%s</div><div class="comment-text">%s'
                       '</div><a href="#">%s</a></div>' % (p.name(), p.chatter(), p.says("reply"))
                       for _ in range(p.random.randrange(9)))
    return p.head() + (
        '<body><div id="wrap"><div class="header"><div class="logo"><a href="/">%s</a></div><div class="nav"><ul>%s</ul></div>'
        '</div><div class="crumbs">%s &gt; %s</div><div class="main"><div class="left"><h1>%s</h1><div class="info"><span>%s</span>'
        '<span>%s %s</span></div><div class="article-content">%s</div><div class="share">%s</div><div class="tags">%s</div>'
        '<div class="comments"><h3>%s</h3>%s</div></div><div class="sidebar"><h3>%s</h3><ul>%s</ul></div></div>'
        '<div class="footer">%s</div></div></body></html>' % (
            p.e(p.site), p.menu(), p.link(p.e(p.w["menu"][0])), p.link(p.e(p.w["menu"][2])), p.e(p.title),
            p.says("source", p.site), p.date, p.time,
            p.with_ads(p.paragraphs(), '<div class="ad-box"><a href="http://ad">%s</a></div>' % p.ad()), p.says("share"),
            p.says("tags"), p.says("comments", 12), comments, p.says("hot"), p.links(10), p.says("rights", p.site)))


def tables(p):
    """Layout by tables and br, no names at all, as around 2003."""
    body = "<br><br>\n".join("\u3000\u3000" * (p.article["lang"] == "zh") + x for x in p.paragraphs("%s"))
    return p.head(" | %s") + (
        '<body bgcolor=white><table width=980><tr><td colspan=3><font size=5>%s</font></td></tr><tr><td colspan=3>%s</td></tr>'
        '<tr><td width=150 valign=top>%s</td><td valign=top><center><font size=4><b>%s</b></font></center><center>%s %s %s</center>'
        '<hr><font size=3>%s</font><br><br>%s</td><td width=200 valign=top><b>%s</b><br>%s</td></tr>'
        '<tr><td colspan=3 align=center>%s</td></tr></table></body></html>' % (
            p.e(p.site), p.menu("%s | "), p.menu("%s<br>"), p.e(p.title), p.date, p.time, p.says("source", p.site), body,
            p.says("editor", p.author), p.says("hot"), p.links(12, "· %s<br>"), p.says("rights", p.site)))


def semantic(p):
    """article, main, aside, footer; JSON-LD."""
    ld = json.dumps({"@context": "https://schema.org", "@type": "NewsArticle", "headline": p.title,
                     "datePublished": p.date + "T" + p.time + ":00+06:00", "author": {"@type": "Person", "name": p.author},
                     "publisher": {"name": p.site}, "articleSection": p.w["menu"][2]}, ensure_ascii=False)
    cards = "".join('<article class="card"><h3>%s</h3><p>%s</p></article>' % (p.link(), p.chatter(120)) for _ in range(4))
    return p.head(" — %s", '<script type="application/ld+json">%s</script>' % ld.replace("</", "<\\/")) + (
        '<body><header><a href="/">%s</a><nav><ul>%s</ul></nav></header><main><article><header><h1>%s</h1><time datetime="%s">%s'
        '</time> <span>%s</span></header><figure><img src=a.jpg><figcaption>%s</figcaption></figure>%s</article>'
        '<section><h2>%s</h2>%s</section></main><aside><h2>%s</h2><ol>%s</ol></aside><footer><p>%s</p></footer></body></html>' % (
            p.e(p.site), p.menu(), p.e(p.title), p.date, p.date, p.says("author", p.author), p.chatter(60),
            p.with_ads(p.paragraphs(), "<aside><p>%s</p></aside>" % p.ad()), p.says("related"), cards, p.says("hot"), p.links(8),
            p.says("rights", p.site)))


def wechat(p):
    """As WeChat's public accounts: the text is invisible until a script shows it."""
    paragraphs = p.paragraphs('<section><p style="line-height:2"><span style="font-size:15px">%s</span></p></section>')
    return p.head(None, '<meta property="og:title" content="%s"><meta property="og:type" content="article">' % html.escape(p.title)) + (
        '<body id="activity-detail"><div id="js_article" class="rich_media"><div class="rich_media_inner"><div id="page-content" '
        'class="rich_media_area_primary"><h1 class="rich_media_title" id="activity-name">%s</h1><div id="meta_content" '
        'class="rich_media_meta_list"><span class="rich_media_meta rich_media_meta_text">%s</span><span class="rich_media_meta '
        'rich_media_meta_nickname" id="profileBt"><a href="javascript:void(0);" id="js_name">%s</a></span><em id="publish_time" '
        'class="rich_media_meta"></em></div><div class="rich_media_content" id="js_content" style="visibility: hidden; opacity: 0;">'
        '%s</div><div class="rich_media_tool"><a href="#">%s</a><div>%s</div></div></div></div></div><script>var ct = "1575856320";'
        'var nickname = "x";</script></body></html>' % (
            p.e(p.title), p.name(), p.e(p.site), "".join(paragraphs), p.says("more"), p.says("read", 100001)))


def portal(p):
    """A news portal: columns of teasers with summaries, blocks of links everywhere."""
    def teaser():
        return '<div class="item"><a href="/x"><img src=x.jpg></a><div class="tt">%s</div><div class="ds">%s</div><div class="dt">%s</div></div>' % (
            p.link(), p.chatter(140), p.date)
    return p.head("_%s") + (
        '<body class="page detail has-sidebar"><div class="topbar">%s</div><div class="channel">%s</div><div class="wrapper clearfix">'
        '<div class="col-l"><div class="block"><div class="hd">%s</div>%s</div></div><div class="col-m"><div class="title"><h1>%s</h1>'
        '<p class="sub">%s &nbsp; %s %s &nbsp; %s</p></div><div class="txt">%s</div><p class="ed">%s</p><div class="page-nav">%s %s</div>'
        '<div class="xg"><h4>%s</h4><ul>%s</ul></div></div><div class="col-r">%s<div class="block">%s</div></div></div>'
        '<div class="foot"><p>%s</p><p>%s</p></div></body></html>' % (
            p.says("login"), p.menu("<span>%s</span>"), p.says("hot"), p.links(6), p.e(p.title), p.date, p.time,
            p.says("source", p.site), p.says("author", p.author),
            p.with_ads(p.paragraphs(), '<div class="adv"><p>%s</p></div>' % p.ad()), p.says("editor", p.author),
            p.link(p.says("prev")), p.link(p.says("next")), p.says("related"), p.links(6), "".join(teaser() for _ in range(5)),
            p.ad(), p.menu("%s "), p.says("rights", p.site)))


def blog(p):
    """A blog entry under which there is far more than in it."""
    comments = "".join('<li class="comment depth-1"><div class="vcard"><cite>%s</cite> <time>%s</time></div><p>%s</p><p>%s</p>'
                       '<div class="reply"><a href="#r">%s</a></div></li>' % (p.name(), p.date, p.chatter(500), p.chatter(500), p.says("reply"))
                       for _ in range(p.random.randrange(10, 40)))
    return p.head(" » %s") + (
        '<body class="post-template single-post comments-open"><div id="page"><div id="masthead"><p class="site-title">%s</p>'
        '<div class="menu-main"><ul>%s</ul></div></div><div id="primary"><div class="post hentry"><h2 class="entry-title">%s</h2>'
        '<div class="entry-meta">%s · %s</div><div class="entry-content">%s</div><div class="entry-footer">%s</div></div>'
        '<div id="comments"><h3>%s</h3><ol class="commentlist">%s</ol><form><textarea>%s</textarea><button>OK</button></form></div></div>'
        '<div id="secondary" class="widget-area"><div class="widget"><h3>%s</h3><p>%s</p></div><div class="widget"><ul>%s</ul></div></div>'
        '</div></body></html>' % (
            p.e(p.site), p.menu(), p.e(p.title), p.date, p.name(), "".join(p.paragraphs()), p.says("tags"), p.says("comments", 30),
            comments, p.says("reply"), p.says("hot"), p.chatter(200), p.links(8)))


def mobile(p):
    """A page for telephones: short, flat, names that say little."""
    return p.head(None, '<meta name="viewport" content="width=device-width"><meta property="og:title" content="%s">'
                  '<meta property="og:site_name" content="%s">' % (html.escape(p.title), html.escape(p.site))) + (
        '<body><div class="m-hd"><a href="/">%s</a><a href="/app">APP</a></div><div class="m-tit">%s</div><div class="m-inf">%s %s</div>'
        '%s<div class="m-app">%s</div><div class="m-cmt"><div class="m-cmt-t">%s</div>%s</div><div class="m-rec"><div>%s</div>%s</div>'
        '</body></html>' % (
            p.e(p.site), p.e(p.title), p.e(p.author), p.date, "".join(p.paragraphs('<div class="m-p">%s</div>')), p.link(p.ad()),
            p.says("comments", 3), "".join('<div class="m-cmt-i"><b>%s</b><span>%s</span><i>%s</i></div>' % (p.name(), p.chatter(100), p.date)
                                           for _ in range(3)), p.says("related"), p.links(5, '<div class="m-r">%s</div>')))


def forum(p):
    """A thread: the first post is what is looked for, answers are built like it."""
    def post(body, n):
        return ('<div class="post"><div class="user"><b>%s</b><p>%s: %d</p></div><div class="body"><div class="posted">#%d %s %s</div>'
                '<div class="message">%s</div><div class="buttons"><a href="#">%s</a> <a href="#">%s</a></div></div></div>' % (
                    p.name(), p.says("likes"), n * 7, n, p.date, p.time, body, p.says("reply"), p.says("likes")))
    answers = "".join(post(p.chatter(200), n + 2) for n in range(p.random.randrange(3, 20)))
    return p.head(" - %s") + (
        '<body><div id="top">%s <ul>%s</ul></div><div class="path">%s › %s</div><h1>%s</h1><div id="thread">%s%s</div><div id="bottom">%s</div>'
        '</body></html>' % (p.says("login"), p.menu(), p.link(p.e(p.w["menu"][0])), p.link(p.e(p.w["menu"][1])), p.e(p.title),
                            post("<br>\n<br>\n".join(p.paragraphs("%s")), 1), answers, p.says("rights", p.site)))


def gov(p):
    """An office's site: an editor's container, paragraphs with inline styles, tables around."""
    return p.head("-%s") + (
        '<body><div class="top_bg"><table><tr><td>%s</td></tr></table></div><div class="dqwz">%s > %s</div><div class="zw"><div class="bt">%s</div>'
        '<div class="xx">%s %s %s %s</div><div class="TRS_Editor">%s</div></div><div class="fx">%s</div><div class="dibu"><p>%s</p></div></body></html>' % (
            p.menu("%s"), p.link(p.e(p.w["menu"][0])), p.link(p.e(p.w["menu"][1])), p.e(p.title), p.date, p.time, p.says("source", p.site),
            p.says("read", 345), "".join(p.paragraphs('<p align="justify" style="text-indent:2em"><span lang="EN">%s</span></p>')),
            p.says("share"), p.says("rights", p.site)))


def hashed(p):
    """Names made by a build tool, which tell nothing."""
    def c():
        return "css-" + "".join(p.random.choice("abcdefghijkmnpqrstuvwxyz0123456789") for _ in range(6))
    a, b, t, u = c(), c(), c(), c()
    comments = "".join('<div class="%s"><div class="%s"><span>%s</span><span>%s</span></div><div>%s</div><div><button>%s</button></div></div>' % (
        a, b, p.name(), p.date, p.chatter(250), p.says("reply")) for _ in range(p.random.randrange(3, 15)))
    teasers = "".join('<div class="%s"><a href="/z"><div>%s</div><div>%s</div></a></div>' % (t, p.headline(), p.chatter(80)) for _ in range(6))
    return p.head(" | %s", '<meta property="og:title" content="%s"><meta property="og:description" content="%s">' % (
        html.escape(p.title), html.escape(p.article["paragraphs"][0][:80]))) + (
        '<body><div id="root"><div class="%s"><div class="%s">%s</div></div><div class="%s"><div class="%s"><h1 class="%s">%s</h1><div class="%s">'
        '<span>%s</span><span>%s</span></div><div class="%s">%s</div><div class="%s"><h2>%s</h2>%s</div></div><div class="%s">%s</div></div>'
        '<div class="%s"><span>%s</span></div></div></body></html>' % (
            c(), c(), p.menu("<div>%s</div>"), c(), c(), c(), p.e(p.title), c(), p.e(p.author), p.date, u, "".join(p.paragraphs()),
            c(), p.says("comments", 9), comments, c(), teasers, c(), p.says("rights", p.site)))


def micro(p):
    """Microdata; the text in sections with subheads; a box to read on in the middle."""
    parts = p.paragraphs()
    if len(parts) > 3:
        parts.insert(2, '<div class="inline-box"><span>%s</span> %s</div>' % (p.says("related"), p.link()))
    return p.head(" – %s", '<link rel="canonical" href="https://example.kz/a/%d">' % p.random.randrange(10 ** 9)) + (
        '<body><div role="banner">%s</div><div role="navigation">%s</div><div itemscope itemtype="http://schema.org/NewsArticle"><h1 itemprop="headline">'
        '%s</h1><span itemprop="author">%s</span> <meta itemprop="datePublished" content="%sT%s:00+06:00"><div itemprop="articleBody">%s</div></div>'
        '<div role="complementary">%s<p>%s</p></div><div id="hypercomments_widget">%s</div><div role="contentinfo">%s</div></body></html>' % (
            p.e(p.site), p.menu(), p.e(p.title), p.e(p.author), p.date, p.time, "".join(parts), p.links(5), p.chatter(200),
            "".join("<p><b>%s</b> %s</p>" % (p.name(), p.chatter()) for _ in range(5)), p.says("rights", p.site)))


def fonts(p):
    """Unclosed tags and capitals, as pages were written by hand; everything in one cell."""
    return p.head(" -- %s") + (
        '<BODY><CENTER><FONT SIZE=6>%s</FONT><P>%s</CENTER><HR><H2>%s</H2><I>%s</I><P>%s<HR><P>%s<P>%s<P>%s</BODY></HTML>' % (
            p.e(p.site), p.menu("[%s] "), p.e(p.title), p.says("author", p.author), "<P>".join(p.paragraphs("%s\n")),
            p.link(p.says("prev")), p.link(p.says("next")), p.says("rights", p.site)))


def live(p):
    """A list of other news first, in source order before the article; banners that are sentences."""
    return p.head(" | %s", '<meta property="og:title" content="%s">' % html.escape(p.title)) + (
        '<body><div class="cookie-notice"><p>We use cookies to improve your experience on our site. By continuing you agree to our policy.</p>'
        '<a href="#">OK</a></div><div class="news-feed"><h3>%s</h3>%s</div><div class="single"><div class="single__title">%s</div>'
        '<div class="single__date">%s, %s</div><div class="single__lead"></div><div class="single__text">%s</div><div class="single__subscribe">%s</div>'
        '</div><div class="read-more">%s%s</div><div class="page-bottom">%s</div></body></html>' % (
            p.says("more"), "".join('<div class="nf"><span>%s</span>%s</div>' % (p.time, p.link()) for _ in range(15)), p.e(p.title), p.time, p.date,
            "".join(p.paragraphs()), p.chatter(80), p.says("related"), "".join(
                "<div class=rm><h4>%s</h4><p>%s</p></div>" % (p.link(), p.chatter(150)) for _ in range(4)), p.says("rights", p.site)))


def twocolumn(p):
    """Two columns of one class; the answers have no heading of their own."""
    answers = "".join('<li><p><a href="/u">%s</a> %s</p><p>%s</p></li>' % (p.name(), p.date, p.chatter(250)) for _ in range(p.random.randrange(4, 12)))
    return p.head(" - %s") + (
        '<body><div class="container"><ul class="tabs">%s</ul><div class="row"><div class="col"><h1>%s</h1><p class="small">%s %s</p>%s<ul class="list">%s</ul></div>'
        '<div class="col"><h4>%s</h4><p>%s</p><ul>%s</ul></div></div><p class="small">%s</p></div></body></html>' % (
            p.menu(), p.e(p.title), p.e(p.author), p.date, "".join(p.paragraphs()), answers, p.says("hot"), p.chatter(120), p.links(8),
            p.says("rights", p.site)))


LAYOUTS = [soup, tables, semantic, wechat, portal, blog, mobile, forum]
OTHERS = [gov, hashed, micro, fonts, live, twocolumn]


def make(random, layout, article, others):
    """The page as text, with what it must give: title, date, text."""
    p = Page(random, article, [x for x in others if x is not article and x["lang"] == article["lang"]])
    return layout(p), {"title": p.title, "date": p.date, "text": "\n".join(article["paragraphs"])}
