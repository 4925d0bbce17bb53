/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "zone.h"

#include <strings.h>

/* Names that stand in the platform or host of Chinese services, in any case. */
static const char *const CHINESE[] = {
    "weibo",  "weixin", "wechat", "zhihu",       "toutiao", "bilibili", "douyin", "kuaishou",
    "tieba",  "baidu",  "baijia", "xiaohongshu", "douban",  "netease",  "sohu",   "sina",
    "cctv",   "xinhua", "ifeng",  "huanqiu",     "guancha", "xueqiu",   "tianya", "kandian",
    "微博",   "微信",   "知乎",   "头条",        "抖音",    "快手",     "贴吧",   "百家号",
    "小红书", "豆瓣",   "网易",   "搜狐",        "新浪",    "央视",     "新华",   "公众号",
};

static bool contains(jbk_str s, const char *name) {
    size_t n = strlen(name);
    for (size_t i = 0; i + n <= s.len; i++)
        if (!strncasecmp(s.s + i, name, n)) return true;
    return false;
}

static bool is_chinese(jbk_str s) {
    for (size_t i = 0; i < sizeof CHINESE / sizeof *CHINESE; i++)
        if (contains(s, CHINESE[i])) return true;
    return s.len > 3 && !strncasecmp(s.s + s.len - 3, ".cn", 3);
}

static jbk_str host_of(jbk_str url) {
    const char *p = url.s ? memmem(url.s, url.len, "://", 3) : NULL;
    if (!p) return (jbk_str){0};
    p += 3;
    size_t len = 0, left = url.len - (size_t)(p - url.s);
    while (len < left && p[len] != '/' && p[len] != ':' && p[len] != '?') len++;
    return (jbk_str){p, len};
}

int jbk_zone_of(jbk_str platform, jbk_str url, int otherwise) {
    return (platform.s && is_chinese(platform)) || is_chinese(host_of(url)) ? 8 * 60 : otherwise;
}
