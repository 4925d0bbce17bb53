/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/field.h"

#include <string.h>
#include <strings.h>

const jbk_field jbk_fields[JBK_FIELDS] = {
    [JBK_F_ID] = {"id", "_id mid note_id content_id aweme_id mblogid group_id guid", JBK_T_KEYWORD,
                  JBK_COL_NONE, true, true, "the platform's own id", "id:4445567788"},
    [JBK_F_URL] = {"url", "link note_url content_url article_url contentUrl", JBK_T_KEYWORD,
                   JBK_COL_NONE, true, true, "address", "url:\"https://a.example/1\""},
    [JBK_F_PLATFORM] = {"platform", "source_platform site", JBK_T_KEYWORD, JBK_COL_CODES, true,
                        true, "platform or newspaper", "platform:weibo"},
    [JBK_F_SECTION] = {"section", "column channel tieba_name category", JBK_T_KEYWORD,
                       JBK_COL_CODES, true, true, "section, channel or board",
                       "section:\"揭秘历史\""},
    [JBK_F_AUTHOR] = {"author", "nickname media_name accountName screen_name author_name",
                      JBK_T_KEYWORD, JBK_COL_CODES, true, true, "account name",
                      "author:\"新史观\""},
    [JBK_F_AUTHOR_ID] = {"author_id", "user_id uid", JBK_T_KEYWORD, JBK_COL_CODES, true, true,
                         "the platform's id of the account", "author_id:1234"},
    [JBK_F_TITLE] = {"title", "headline", JBK_T_TEXT, JBK_COL_NONE, true, true, "title",
                     "title:哈萨克斯坦"},
    [JBK_F_TEXT] = {"text", "content body content_text full_text", JBK_T_TEXT, JBK_COL_NONE, true,
                    true, "body", "text:\"回归中国\""},
    [JBK_F_LANG] = {"lang", "language", JBK_T_KEYWORD, JBK_COL_CODES, true, true,
                    "language: zh kk ru ug ky uz en ...; detected where not given", "lang:kk"},
    [JBK_F_SCRIPT] = {"script", "", JBK_T_KEYWORD, JBK_COL_CODES, true, true,
                      "script: Hans Hant Cyrl Latn Arab; detected where not given", "script:Arab"},
    [JBK_F_PUBLISHED_AT] = {"published_at",
                            "date created_at publish_time create_time createTime published "
                            "pubdate created_time publish_date timestamp",
                            JBK_T_TIME, JBK_COL_NUMBERS, true, true, "time of publication",
                            "date:2019-12..2020-04"},
    [JBK_F_COLLECTED_AT] = {"collected_at", "crawl_time collect_date crawled_at scraped_at",
                            JBK_T_TIME, JBK_COL_NUMBERS, true, true, "time of scraping",
                            "collected_at:2020-05"},
    [JBK_F_VIEWS] = {"views", "read_num readNum view_count read_count video_play_count viewd_count",
                     JBK_T_COUNT, JBK_COL_NUMBERS, true, true, "times read or played",
                     "views:>=10000"},
    [JBK_F_LIKES] = {"likes", "liked_count likeNum attitudes_count voteup_count up_num like_count",
                     JBK_T_COUNT, JBK_COL_NUMBERS, true, true, "likes", "likes:100..500"},
    [JBK_F_COMMENTS] = {"comments", "comments_count comment_count comment_num total_replay_num",
                        JBK_T_COUNT, JBK_COL_NUMBERS, true, true, "comments", "comments:>0"},
    [JBK_F_REPOSTS] = {"reposts", "reposts_count shared_count retweet_num forward_count",
                       JBK_T_COUNT, JBK_COL_NUMBERS, true, true, "reposts", "reposts:>50"},
    [JBK_F_STATUS] = {"status", "", JBK_T_KEYWORD, JBK_COL_CODES, true, true,
                      "live, author_deleted, platform_removed, account_banned, ...; unknown "
                      "where never observed",
                      "status:live"},
    [JBK_F_LABEL] = {"label", "rating verdict", JBK_T_KEYWORD, JBK_COL_CODES, true, true,
                     "fact-check label", "label:false"},
    [JBK_F_TAGS] = {"tags", "hashtags keywords topics", JBK_T_KEYWORDS, JBK_COL_CODES, true, true,
                    "tags", "tags:history"},
    [JBK_F_THREAD] = {"thread", "thread_id conversation_id", JBK_T_KEYWORD, JBK_COL_CODES, true,
                      true, "conversation", "thread:t1"},
    [JBK_F_PARENT] = {"parent", "parent_id reply_to in_reply_to retweet_id retweeted_status_mid",
                      JBK_T_KEYWORD, JBK_COL_CODES, true, true, "the post it answers or reposts",
                      "parent:4445567788"},
    [JBK_F_COPY_OF] = {"copy_of", "", JBK_T_KEYWORD, JBK_COL_NUMBERS, false, true,
                       "the first record with the same title and text", "copy_of:yes"},
    [JBK_F_WORDS] = {"words", "", JBK_T_COUNT, JBK_COL_NUMBERS, false, true,
                     "words in title and text", "words:>=200"},
    [JBK_F_ORIGIN] = {"origin", "", JBK_T_KEYWORD, JBK_COL_NONE, false, true,
                      "file and byte offset it was read from", "origin:\"posts.jsonl:0\""},
    [JBK_F_MENTIONS] = {"mentions", "", JBK_T_KEYWORDS, JBK_COL_CODES, false, true,
                        "countries and peoples named in title and text, in any language: KZ CN "
                        "CN-XJ UIG ...",
                        "mentions:KZ"},
    [JBK_F_GONE_FIRST] = {"gone_first", "", JBK_T_TIME, JBK_COL_NUMBERS, false, true,
                          "the first check that found it gone; absent while it is not",
                          "gone_first:2020-04-14.."},
    [JBK_F_LIVE_LAST] = {"live_last", "", JBK_T_TIME, JBK_COL_NUMBERS, false, true,
                         "the last check that found it live", "live_last:..2020-04-14"},
    [JBK_F_STORY] = {"story", "", JBK_T_COUNT, JBK_COL_NUMBERS, false, true,
                     "its family of texts with one skeleton (see stories); a number",
                     "story:1204"},
};

static bool has_word(const char *words, const char *name, size_t len) {
    for (const char *p = words; *p;) {
        size_t n = strcspn(p, " ");
        if (n == len && !strncasecmp(p, name, len)) return true;
        p += n;
        p += strspn(p, " ");
    }
    return false;
}

int jbk_field_find(const char *name, size_t len) {
    for (int f = 0; f < JBK_FIELDS; f++) {
        const char *n = jbk_fields[f].name;
        if (strlen(n) == len && !strncasecmp(n, name, len)) return f;
    }
    for (int f = 0; f < JBK_FIELDS; f++)
        if (has_word(jbk_fields[f].aliases, name, len)) return f;
    return -1;
}
