/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "html_words.h"

#include "base/intern.h"
#include "base/utf8.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Blanks around each word.  A token of a class name counts where it is one of them, digits at its
 * end aside. */
static const char BAD[] =
    " ad ads adv advert adverts advertisement advertising adsbygoogle adbox adslot banner banners "
    "guanggao reklama promo promos promotion sponsor sponsored sidebar side aside nav navi navbar "
    "navigation menu menus topbar topnav subnav foot footer header masthead comment comments "
    "commentlist disqus pinglun reply replies replys respond responses cmt cmts feedback guestbook "
    "liuyan related relate recommend recommended recommendation recommendations tuijian xiangguan "
    "hot hots hotnews rank ranking popular trending mostread latest breadcrumb breadcrumbs crumb "
    "crumbs copyright cookie cookies gdpr consent popup modal overlay login signin register search "
    "share sharing sharebar bdshare social socials subscribe subscription newsletter pager "
    "pagination paging widget widgets toolbar toolbox qrcode partner partners friendlink links "
    "poll vote teaser teasers readmore outbrain taboola carousel marquee telegram signature ";
static const char MINOR[] =
    " meta metadata info byline author authors date time datetime timestamp pubtime pubdate "
    "published "
    "source laiyuan tag tags tagcloud keywords keyword caption credit credits views view "
    "count counter stat stats like likes rating category categories cat cats avatar user username "
    "userinfo nickname profile floor icp tool tools button buttons btn btns label subtitle "
    "disclaimer print ";
static const char GOOD[] =
    " article post entry content contents text body story main detail details zhengwen neirong "
    "arti "
    "artibody articlebody articlecontent articletext maintext maincontent newstext newscontent "
    "richtext prose message ";
static const char BODY[] = " articlebody artibody articlecontent articletext newstext newscontent "
                           "storybody postbody postcontent entrycontent zhengwen ";
static const char CRUMBS[] = " breadcrumb breadcrumbs crumb crumbs mianbaoxie ";
static const char AUTHOR[] = " author authors byline zuozhe nickname ";
static const char DATE[] = " date time datetime timestamp pubtime pubdate published riqi shijian ";

/* All of these words with their hints, for looking up. */
static jbk_intern words;
static JBK_VEC(unsigned) word_hints;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void add_words(const char *list, unsigned hint) {
    for (const char *s = list + 1; *s;) {
        size_t n = strcspn(s, " ");
        uint32_t number = jbk_intern_add(&words, s, n);
        if (number == word_hints.n) jbk_vec_push(&word_hints, 0u);
        word_hints.at[number] |= hint;
        s += n + 1;
    }
}

static void make_words(void) {
    add_words(BAD, JBK_HINT_BAD);
    add_words(MINOR, JBK_HINT_MINOR);
    add_words(GOOD, JBK_HINT_GOOD);
    add_words(BODY, JBK_HINT_BODY | JBK_HINT_GOOD);
    add_words(CRUMBS, JBK_HINT_CRUMBS);
    add_words(AUTHOR, JBK_HINT_AUTHOR);
    add_words(DATE, JBK_HINT_DATE);
}

static unsigned hints_of(const char *token, size_t len) {
    uint32_t number;
    unsigned h = jbk_intern_find(&words, token, len, &number) ? word_hints.at[number] : 0;
    static const char *const STEMS[] = {"comment",   "sidebar", "related",
                                        "recommend", "advert",  "breadcrumb"};
    for (size_t i = 0; i < sizeof STEMS / sizeof *STEMS; i++)
        if (len > strlen(STEMS[i]) && !strncmp(token, STEMS[i], strlen(STEMS[i])))
            h |= JBK_HINT_BAD;
    return h;
}

static bool upper(char c) { return c >= 'A' && c <= 'Z'; }
static bool lower(char c) { return c >= 'a' && c <= 'z'; }
static bool digit(char c) { return c >= '0' && c <= '9'; }

unsigned jbk_html_hints(const char *names, size_t len) {
    pthread_once(&once, make_words);
    unsigned all = 0;
    char token[48], pair[96];
    size_t n = 0, before = 0; /* `pair` holds the token before in the same name, then this one */
    for (size_t i = 0; i <= len; i++) {
        char c = i < len ? names[i] : ' ';
        bool letter = upper(c) || lower(c) || digit(c);
        bool camel = upper(c) && i && lower(names[i - 1]);
        if ((!letter || camel) && n) {
            while (n > 1 && digit(token[n - 1])) n--;
            all |= hints_of(token, n);
            memcpy(pair + before, token, n);
            if (before) all |= hints_of(pair, before + n); /* "article-body" as "articlebody" */
            memcpy(pair, token, n);
            before = n;
            n = 0;
        }
        if (c == ' ') before = 0;
        if (letter && n < sizeof token) token[n++] = upper(c) ? (char)(c + 32) : c;
    }
    return all;
}

/* --- lines --- */

/* Lower case; alternatives by '|'. */
static const char ENDINGS[] =
    "评论|网友评论|最新评论|热门评论|精彩评论|全部评论|发表评论|用户评论|评论区|我要评论|跟帖|"
    "网友跟帖|评论列表|"
    "相关阅读|相关新闻|相关报道|相关文章|相关推荐|相关链接|相关内容|推荐阅读|延伸阅读|猜你喜欢|"
    "为您推荐|为你推荐|"
    "热门文章|热门新闻|热门推荐|更多新闻|更多文章|更多报道|精彩推荐|今日推荐|编辑推荐|上一篇|"
    "下一篇|最新文章|最新新闻|"
    "評論|網友評論|相關閱讀|相關新聞|推薦閱讀|留言|更多新聞|"
    "комментарии|комментарий|комментариев|комментарии читателей|обсуждение|оставить комментарий|"
    "оставьте комментарий|добавить комментарий|читайте также|читать также|читайте еще|похожие|"
    "похожие новости|похожие материалы|похожие статьи|похожие записи|материалы по теме|по теме|"
    "другие новости|новости по теме|еще по теме|ещё по теме|популярное|популярные новости|"
    "самое читаемое|рекомендуем|рекомендуемое|вам может быть интересно|смотрите также|"
    "последние новости|подписывайтесь|главное за день|также читайте|ответы|"
    "пікірлер|пікір|пікір қалдыру|пікір жазу|ұқсас жаңалықтар|ұқсас материалдар|ұқсас мақалалар|"
    "тағы оқыңыз|тағы оқи отырыңыз|оқи отырыңыз|соңғы жаңалықтар|басқа жаңалықтар|"
    "осы тақырыпта|тақырып бойынша|сондай-ақ оқыңыз|танымал|көп оқылған|жауаптар|"
    "comments|comment|leave a comment|leave a reply|post a comment|related|related articles|"
    "related news|related posts|related stories|read more|read also|more stories|more news|"
    "more from|you may also like|you might also like|recommended|recommended for you|popular|"
    "most popular|most read|trending|see also|latest news|replies|also read|"
    "ئىنكاسلار|ئىنكاس|باھالار|مۇناسىۋەتلىك خەۋەرلەر|مۇناسىۋەتلىك|مۇناسىۋەتلىك مەزمۇنلار|"
    "تەۋسىيە|ئەڭ يېڭى خەۋەرلەر|"
    "комментарийлер|izohlar|pikirler|ұсынамыз";
static const char CREDITS[] =
    "来源|作者|编辑|责任编辑|责编|记者|撰文|摄影|校对|审核|原标题|标签|关键词|关键字|分享|点赞|"
    "阅读|浏览|发布时间|"
    "发布于|时间|日期|转载|字号|打印|收藏|扫码|來源|作者|編輯|記者|責任編輯|分享到|点击|人气|投稿|"
    "文章来源|"
    "источник|автор|фото|текст|теги|тэги|метки|просмотров|просмотры|поделиться|поделись|"
    "опубликовано|дата|рубрика|категория|редактор|нашли ошибку|подпишитесь|подписаться|"
    "дереккөз|дереккөзі|авторы|сурет|бөлісу|қаралды|тегтер|жарияланды|санат|"
    "source|author|by |photo|tags|tag:|share|published|posted|updated|editor|category|views|"
    "filed under|print|subscribe|follow us|"
    "مەنبە|ئاپتور|تەھرىر|مۇھەررىر|ھەمبەھىرلەش|مەنبەسى";
static const char RIGHTS[] =
    "©|(c) |copyright|版权所有|版權所有|icp备|icp備|公网安备|все права защищены|барлық құқықтар|"
    "all rights reserved|барлық құқық|ھوقۇقى|использование материалов|未经授权|未经许可";

/* What readers are asked to do. */
static const char CALLS[] =
    "扫描二维码|扫码关注|长按二维码|关注我们的公众号|关注公众号|关注我们的微信|点击下载客户端|"
    "掃描二維碼|подпишитесь на наш|подпишитесь на канал|подписывайтесь на |подписаться на |"
    "читайте нас в|следите за нами|присоединяйтесь к нам|нашли ошибку в тексте|арнамызға жазыл|"
    "каналымызға жазыл|парақшамызға жазыл|бізге жазыл|арнамызға қосыл|subscribe to our|"
    "sign up for our|join our telegram|follow us on|download our app|we use cookies|use of cookies|"
    "файлы cookie|файлов cookie|cookie файл|cookie-файл|cookie-ді|使用cookie|使用 cookie";

static const char ADS[] = "реклама.|реклама:|жарнама.|жарнама:|на правах рекламы|жарнама ретінде|"
                          "advertisement|广告：|广告:|推广：|廣告：|ئېلان.";

/* Cyrillic and Latin capitals to small letters; the result has the same length in bytes, but for
 * none of ours. */
static size_t lowered(const char *s, size_t len, char *out, size_t cap) {
    jbk_buf b = {0};
    for (size_t i = 0; i < len && b.len + 8 < cap;) {
        uint32_t cp = jbk_utf8_next(s, len, &i);
        if (cp >= 'A' && cp <= 'Z') cp += 32;
        if (cp >= 0x410 && cp <= 0x42F) cp += 32;
        if (cp >= 0x400 && cp <= 0x40F) cp += 80;
        if (cp >= 0x460 && cp < 0x530 && !(cp & 1)) cp++;
        if (cp == 0xA0 || cp == 0x3000) cp = ' ';
        jbk_utf8_put(&b, cp);
    }
    size_t n = b.len;
    if (n) memcpy(out, b.data, n);
    jbk_buf_free(&b);
    return n;
}

/* Moves over what may stand before and after a title: digits, blanks, signs. */
static bool loose(const char *s, size_t len, size_t *i) {
    size_t at = *i;
    uint32_t cp = jbk_utf8_next(s, len, &at);
    bool is = cp < 'a' || (cp > 'z' && cp < 0xC0) || (cp >= 0x2000 && cp < 0x3040) ||
              (cp >= 0xFF00 && cp < 0xFF21) || cp == 0x6761 || cp == 0x7BC7; /* 条, 篇 */
    if (is) *i = at;
    return is;
}

bool jbk_html_ends_article(const char *line, size_t len) {
    char s[160];
    if (len > 100) return false;
    size_t n = lowered(line, len, s, sizeof s), i = 0;
    while (i < n && loose(s, n, &i)) continue;
    for (const char *e = ENDINGS; *e;) {
        size_t k = strcspn(e, "|");
        if (n - i >= k && !memcmp(s + i, e, k)) {
            size_t j = i + k;
            while (j < n && loose(s, n, &j)) continue;
            if (j == n) return true;
        }
        e += k + (e[k] == '|');
    }
    return false;
}

static bool one_of(const char *list, const char *line, size_t len, bool anywhere) {
    char s[400];
    size_t n = lowered(line, len, s, sizeof s), i = 0;
    while (i < n && (s[i] == ' ' || s[i] == '[' || s[i] == '(')) i++;
    for (const char *e = list; *e;) {
        size_t k = strcspn(e, "|");
        if (anywhere ? memmem(s, n, e, k) != NULL : n - i >= k && !memcmp(s + i, e, k)) return true;
        e += k + (e[k] == '|');
    }
    return false;
}

bool jbk_html_is_credit(const char *line, size_t len) { return one_of(CREDITS, line, len, false); }
bool jbk_html_is_rights(const char *line, size_t len) {
    return len <= 400 && one_of(RIGHTS, line, len, true);
}
bool jbk_html_is_call(const char *line, size_t len) {
    return len <= 400 && (one_of(CALLS, line, len, true) || one_of(ADS, line, len, false));
}
