# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages as the programs that many sites run on make them: more layouts for gen_pages.make()."""

import json


def paragraphs(p, tag="<p>%s</p>"):
    return [tag % p.e(text) for text in p.article["paragraphs"]]


def middle(parts, what):
    """`what` between the parts."""
    at = (len(parts) + 1) // 2
    return "".join(parts[:at]) + what + "".join(parts[at:])


def cards(p, n, item):
    return "".join(item % (p.link(), p.chatter()) for _ in range(n))


def big_portal(p):
    """Floating adverts inside the text, a line for the editor at its end, comments without a list."""
    ad = '<div id="ad_1" style="float: left"><ins class="ads"><a href="x"><img src=a></a></ins></div><div class="app"><a href=x>%s</a></div>' % p.ad()
    talk = "".join('<div class="cmnt-item"><div class="head"><a>%s</a></div><div class="txt">%s</div><div>%s</div></div>' % (
        p.name(), p.chatter(), p.time) for _ in range(3))
    return p.head("_%s") + (
        '<body><div class="top-bar-wrap"><ul>%s</ul></div><div class="main-content w1240"><div class="path-search">%s</div>'
        '<h1 class="main-title">%s</h1><div class="date-source"><span class="date">%s %s</span><a>%s</a></div>'
        '<div class="article-content"><div class="left"><div class="article" id="artibody">%s<p class="show_author">%s</p></div>'
        '<div id="keywords" class="keywords"><span>%s</span></div></div><div class="right"><div class="blk"><h2>%s</h2><ul>%s</ul></div></div>'
        '</div></div><div class="sina-comment-wrap"><div class="hd">%s</div><div class="cont">%s</div></div><div class="footer">%s</div></body></html>' % (
            p.menu(), p.link(), p.e(p.title), p.date, p.time, p.e(p.site), middle(paragraphs(p, "<p>\u3000\u3000%s</p>"), ad),
            p.says("editor", p.author), p.says("tags"), p.says("hot"), p.links(8), p.says("comments", 3) if "%" in p.w["comments"] else p.says("comments"),
            talk, p.says("rights", p.site)))


def nameless(p):
    """Divs and spans without a name."""
    talk = "".join("<div><div>%s</div><div>%s</div><div>%d</div></div>" % (p.name(), p.chatter(), i) for i in range(4))
    side = "".join("<div><a href=c><div><img src=i></div><div>%s</div></a><div>%s</div></div>" % (p.headline(), p.date) for _ in range(6))
    return p.head("") + (
        '<body><div id="__next"><div><div>%s</div><div><button>%s</button></div></div><div><div><div><h1>%s</h1><div><span>%s %s</span>'
        '<span>%s</span></div><div>%s</div><div><button>%s</button></div></div><div><div>%s</div>%s</div></div><div><div>%s</div>%s</div></div>'
        '<div><div>%s</div></div></div></body></html>' % (
            p.menu("%s"), p.says("login"), p.e(p.title), p.date, p.time, p.says("author", p.author),
            "".join(paragraphs(p, "<div><span>%s</span></div>")), p.says("share"), p.says("hot"), side,
            p.says("related"), talk, p.says("rights", p.site)))


def press(p):
    """A blog with boxes between the paragraphs and related posts inside the entry."""
    box = '<div class="code-block"><p>%s</p></div><blockquote class="wp-embedded-content">%s</blockquote>' % (p.ad(), p.link())
    return p.head(" - %s") + (
        '<body class="single single-post"><header class="site-header"><nav class="main-navigation"><ul class="menu">%s</ul></nav></header>'
        '<div class="site-content"><div class="content-area"><main><article class="post type-post hentry"><header class="entry-header">'
        '<h1 class="entry-title">%s</h1><div class="entry-meta"><time>%s</time><span class="byline">%s</span></div></header>'
        '<div class="entry-content">%s<div class="sharedaddy"><h3>%s</h3></div><div class="jp-relatedposts"><h3>%s</h3>%s</div></div></article>'
        '<div id="comments" class="comments-area"><ol class="comment-list"><li class="comment"><p>%s</p></li><li class="comment"><p>%s</p></li></ol>'
        '</div></main></div><aside class="widget-area"><section class="widget"><h2>%s</h2><ul>%s</ul></section></aside></div>'
        '<footer class="site-footer"><p>%s</p></footer></body></html>' % (
            p.menu('<li class="menu-item">%s</li>'), p.e(p.title), p.date, p.e(p.author), middle(paragraphs(p), box), p.says("share"),
            p.says("related"), cards(p, 3, "<div>%s<p>%s</p></div>"), p.chatter(), p.chatter(), p.says("hot"), p.links(5), p.says("rights", p.site)))


def announcements(p):
    """A text of lines and breaks, followed by announcements of other texts in the same column."""
    return p.head("") + (
        '<body><div id="wrapper"><div id="header"><ul id="top-menu-items">%s</ul></div><div id="content"><div id="left-column">'
        '<ul class="left-menu">%s</ul></div><div id="main-column"><div id="breadcrumb">%s</div><h1 id="pagetitle">%s</h1>'
        '<div class="news-detail"><img src=p.jpg><span class="news-date-time">%s</span>%s<div style="clear:both"></div><br>%s<br></div>'
        '<div class="news-list"><h3>%s</h3>%s</div></div></div><div id="footer">%s</div></div></body></html>' % (
            p.menu(), p.links(6), p.link(), p.e(p.title), p.date, "<br />\n<br />\n".join(paragraphs(p, "%s")), p.says("read", 123),
            p.says("related"), cards(p, 4, '<p class="news-item"><b>%s</b><br>%s</p>'), p.says("rights", p.site)))


def thread(p):
    """A board: each post has a profile beside it, and answers quote the first."""
    post = '<div class="post bg%d"><div class="inner"><dl class="postprofile"><dt><a href=u>%s</a></dt><dd>12</dd></dl><div class="postbody">' \
           '<div><h3><a href=#>%s</a></h3><p class="author">%s » %s</p><div class="content">%s</div></div></div></div></div>'
    quote = "<blockquote><div><cite>%s:</cite>%s</div></blockquote>" % (p.e(p.author), p.e(p.article["paragraphs"][0][:80]))
    answers = "".join(post % (2, p.name(), p.e("Re: " + p.title), p.name(), p.date, quote + p.chatter()) for _ in range(4))
    return p.head(" • %s") + (
        '<body class="section-viewtopic"><div id="page-header"><a href=/>%s</a></div><div id="page-body"><h2 class="topic-title"><a href=t>%s</a></h2>'
        '<div class="action-bar"><a href=r>%s</a> 5 • 1 / 1</div>%s%s</div><div id="page-footer">%s</div></body></html>' % (
            p.e(p.site), p.e(p.title), p.says("reply"), post % (1, p.e(p.author), p.e(p.title), p.e(p.author), p.date, "<br><br>".join(paragraphs(p, "%s"))),
            answers, p.says("rights", p.site)))


def accelerated(p):
    """An AMP page."""
    ld = json.dumps({"@type": "NewsArticle", "headline": p.title, "datePublished": p.date + "T10:20:00+06:00"}, ensure_ascii=False).replace("</", "<\\/")
    ad = '<amp-ad type="adsense"><div placeholder>%s</div></amp-ad><p class="inread"><strong>%s:</strong> %s</p>' % (p.ad(), p.says("related"), p.link())
    return p.head("", '<script type="application/ld+json">%s</script>' % ld) + (
        '<body><amp-sidebar id="s" layout="nodisplay"><ul>%s</ul></amp-sidebar><header><a href=/>%s</a></header><div class="wrap"><h1>%s</h1>'
        '<p class="dt">%s</p>%s<h2>%s</h2>%s</div><footer><p>%s</p></footer></body></html>' % (
            p.menu(), p.e(p.site), p.e(p.title), p.date, middle(paragraphs(p), ad), p.says("related"),
            "".join("<a class=card href=c><p>%s</p></a>" % p.headline() for _ in range(4)), p.says("rights", p.site)))


def boxes(p):
    """Each paragraph in boxes of its own, boxes with links between them."""
    body = []
    for i, text in enumerate(paragraphs(p)):
        body.append('<div class="box box_%s"><div class="box__inner">%s</div></div>' % (p.random.choice("abc"), text))
        if i % 3 == 1:
            body.append('<div class="incut"><a href=i><div class="incut__label">%s</div><div class="incut__title">%s</div></a></div>' % (
                p.says("related"), p.headline()))
    return p.head(": %s") + (
        '<body><div class="layout"><main><div class="topic"><a href=t>%s</a><h1><span>%s</span></h1></div><div class="container"><div class="body">%s'
        '<div class="by"><a href=a>%s</a></div></div></div></main><section class="grid">%s</section></div><footer>%s</footer></body></html>' % (
            p.time, p.e(p.title), "".join(body), p.e(p.author),
            "".join('<a href=c><div><h3>%s</h3><time>%s</time></div></a>' % (p.headline(), p.time) for _ in range(8)), p.says("rights", p.site)))


def office(p):
    """Pages of authorities: a notice about cookies first, tables, paragraphs pasted from a word processor."""
    text = '<p class="MsoNormal" align="justify" style="TEXT-INDENT: 2em"><span style="FONT-SIZE: 14pt"><font face="x">%s</font></span><o:p></o:p></p>'
    return p.head("") + (
        '<body><div class="cc-window"><div>We use cookies to improve your experience, and you agree to it by going on.</div><a href=o>OK</a></div>'
        '<table width=960><tr><td>%s</td></tr><tr><td><table><tr><td class="bt">%s</td></tr><tr><td class="xx">%s %s %s</td></tr><tr>'
        '<td class="nr"><div class="TRS_Editor"><div>%s</div></div></td></tr></table></td></tr><tr><td align=center>%s</td></tr></table></body></html>' % (
            p.menu("%s "), p.e(p.title), p.date, p.time, p.says("source", p.site), "".join(paragraphs(p, text)), p.says("rights", p.site)))


SITES = [big_portal, nameless, press, announcements, thread, accelerated, boxes, office]
