/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A model of single characters, and of upper case after lower case: enough to tell readings of
 * the same bytes apart, because a wrong reading gives rare Han characters, letters in mixed case,
 * or signs among letters. */
#include "encoding_model.h"

#include "base/mem.h"
#include "base/utf8.h"
#include "fold_entry.h"

#include <pthread.h>

/* The thousand most frequent Han characters, folded; nine tenths of all text. */
static const char HAN[] = "的国一中在哪是为年人个大新和时会发有地以于了全视成联主家作行日民"
                          "方多动么央要出上部什生业进展政学网建开播区化来同代高加平军对不闻"
                          "合共力重种工斯到用产总现最战后法美体文与等长关实经第之机天月市能"
                          "自位西世分期近设强前持公何理表制被统定议内称立党度南通面将北所及"
                          "推东由谁可物利过提系习海务事量入员式特本领十今台这目消两次治克间"
                          "下因电当运其外安场基正比名教指保水心马路亚里都元尔义增道频各科性"
                          "得明三界示拉数布我组息球举交罗城任并好际他达造导委二使而德少济续"
                          "原万约书者向州社华相始山程色深点质巴计更常俄至创记们流队改资府从"
                          "首金院项报就席受活品子着局技域应车施也纪已坚几结族规四击史调小口"
                          "省类起条认快支源取帝候决处线协江题带广门传古乌信列王五情河兰岛件"
                          "问此团境农气接意节据港朝防命阿争管标空赛权术群打还织影风收构研超"
                          "说护论京形果士放型企服集变维边洲湾选欧星届林步语升办格装历游引解"
                          "级亿无非完周商育英革略伊尼态字致供策精参反单韩别曾确铁落稳村求县"
                          "武复众速宣神清但如断易火想兴航卡投职或效然土功见回专包普费思环积"
                          "先势责校极划司卫模言准样响互让备官苏优例转做号话志获案米客李该除"
                          "具居早显些纳核旅观手贸张站攻征皇印夫直奥占百需属沙光太医福验整派"
                          "双突围继根香兵越助置干春查蒙陆宗未采去许究批率坦乐融龙较预器促范"
                          "往降初修营愿希控老连盟给段座破八只死图把容念身严负热没演况础智署"
                          "甚女告独层病走庆感察园食飞另邦哈才障季则抗灾亡再讯律访乡善托友担"
                          "威票景值试签讲看班份森且很必离健朗识贯密失启康声萨望汉难媒住头监"
                          "雪绿斗青良塔富每筑排均波输勒远满温袭承切括花足货阶馆谈知评石移测"
                          "丽献宁六湖版低扩价白真令恩措证博片守险库幕弹射拥象彻存停久它刘丁"
                          "奋典紧红杀峰底逐半终章聚料千救止又艺银依烈挥考益状即祖邮写养伦迎"
                          "船丰亲督素塞九植田澳害晚遭奖轮警吉阳遗鲁镇粮爆检洋副雨那减送冲卢"
                          "审执黑奇木堡细仍七固鲜请退室油画黄贡税充束埃急句登拜伟岸爱夏努拿"
                          "草恒注驻音订儿瑞培端额伯胜财故便败午云待伤配召房瓦疫户黎藏录须暴"
                          "算庭随伴截郑冬欢留援角麦临照像洛师盖稻购坛荣跨哥汽序汇架款雷载币"
                          "堂索祝累遇绝舰顿冠词歌梅母沿诺渐侵换假针宫灭疆贵杜践牙贺材延抓补"
                          "疗链汗综赫伙毛判药限牢听抵探辖曼佛己般免你野仪禁仅刻讨含陈川振激"
                          "泽扎损追涉纽圣扬络冰繁役呼宋厂适轨倡泰短宾脉恢附享嘉封帮废染胞危"
                          "劳浙绕君余宪树男裁胡莱盛佳剧压夺隆似枪销吸困竞迁桥永轻杯售鱼滑惠"
                          "差键姆街礼毁尽津";

/* Bits of the code points U+4E00..9FFF that are in HAN. */
static uint8_t common_han[(0xA000 - 0x4E00) / 8];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void mark_common(void) {
    for (size_t i = 0; i < sizeof HAN - 1;) {
        uint32_t bit = jbk_utf8_next(HAN, sizeof HAN - 1, &i) - 0x4E00;
        common_han[bit / 8] |= (uint8_t)(1u << bit % 8);
    }
}

static double han(uint32_t cp) {
    uint32_t folded = jbk_fold_entry(cp) & JBK_FOLD_VALUE;
    if (folded) cp = folded;
    uint32_t bit = cp - 0x4E00;
    if (cp < 0x4E00 || cp >= 0xA000) return -16;
    return common_han[bit / 8] >> bit % 8 & 1 ? -7 : -11;
}

/* Tenths, negative: Russian а to я, then ѐ to џ. */
static const uint8_t CYRILLIC[] = {26, 41, 31, 41, 36, 25, 46, 41, 25, 44, 34, 31, 35, 27, 22, 36,
                                   30, 30, 27, 38, 58, 45, 52, 43, 52, 55, 83, 38, 41, 59, 49, 38,
                                   99, 64, 95, 95, 75, 85, 55, 75, 85, 85, 85, 95, 95, 99, 75, 95};

/* Lower case; else 0. */
static double cyrillic_small(uint32_t cp) {
    if (cp >= 0x430 && cp <= 0x45F) return -CYRILLIC[cp - 0x430] / 10.0;
    return cp > 0x45F && cp < 0x530 && (cp & 1) ? -4.6 : 0; /* Kazakh and its neighbours */
}

static uint32_t cyrillic_lower(uint32_t cp) {
    if (cp >= 0x410 && cp <= 0x42F) return cp + 0x20;
    if (cp >= 0x400 && cp <= 0x40F) return cp + 0x50;
    return cp >= 0x460 && cp < 0x530 ? cp | 1 : cp;
}

/* Also dashes and closing marks, which a word does not follow at once. */
typedef enum { OTHER, SMALL, CAPITAL, CLOSING, LATIN, ARABIC } letter_case;

static double cyrillic(uint32_t cp, letter_case *before) {
    double small = cyrillic_small(cp);
    letter_case last = *before;
    *before = small < 0 ? SMALL : CAPITAL;
    double joint = last == CLOSING || last == LATIN || last == ARABIC ? -4 : 0;
    if (small < 0) return small + joint - (last == CAPITAL ? 0.5 : 0);
    double p = cyrillic_small(cyrillic_lower(cp)) + joint;
    return p - (last == SMALL ? 8 : last == CAPITAL ? 1.5 : 2.5);
}

static double punctuation(uint32_t cp) {
    switch (cp) {
    case 0xAB:
    case 0xBB:
    case 0x2013:
    case 0x2014:
    case 0x2018:
    case 0x2019:
    case 0x201C:
    case 0x201D:
    case 0x201E:
    case 0x2026:
    case 0x2116:
    case 0xA0:
        return -6;
    case 0x3001:
    case 0x3002:
    case 0xFF0C:
        return -4;
    default:
        break;
    }
    if ((cp >= 0x3000 && cp <= 0x301F) || (cp >= 0xFF01 && cp <= 0xFF5E)) return -6.5;
    return 0;
}

static bool closes(uint32_t cp) {
    return cp == 0xA0 || cp == 0xBB || cp == 0x2013 || cp == 0x2014 || cp == 0x2019 || cp == 0x201D;
}

static double other(uint32_t cp) {
    double p = punctuation(cp);
    if (p < 0) return p;
    if (cp == JBK_REPLACEMENT) return -30;
    if (cp < 0xA0 || (cp >= 0xE000 && cp < 0xF900) || cp >= 0xF0000) return -20;
    if (cp < 0xC0) return -11; /* signs of Latin-1 */
    if (cp < 0x250) return cp == 0xD7 || cp == 0xF7 ? -11 : -7.5;
    if (cp >= 0x600 && cp < 0x700) return -4;
    if (cp >= 0x3040 && cp < 0x3100) return -6;
    if (cp >= 0xAC00 && cp < 0xD7A4) return -8;
    if (cp >= 0x2500 && cp < 0x2600) return -12;
    return cp >= 0x10000 ? -12 : -11; /* half-width kana among them */
}

double jbk_text_likelihood(const char *text, size_t len) {
    pthread_once(&once, mark_common);
    double sum = 0;
    letter_case before = OTHER;
    for (size_t i = 0; i < len;) {
        if (jbk_utf8_ascii(text[i])) {
            /* Letters of two scripts that touch are as bad as wrong case. */
            char c = text[i++];
            if ((unsigned char)c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f')
                sum -= 20;
            bool latin = (c | 32) >= 'a' && (c | 32) <= 'z';
            if (latin && (before == SMALL || before == CAPITAL || before == ARABIC)) sum -= 4;
            before = latin ? LATIN : OTHER;
            continue;
        }
        uint32_t cp = jbk_utf8_next(text, len, &i);
        if (cp >= 0x400 && cp < 0x530) {
            sum += cyrillic(cp, &before);
            continue;
        }
        bool arabic = cp >= 0x620 && cp < 0x700,
             latin = cp >= 0xC0 && cp < 0x250 && cp != 0xD7 && cp != 0xF7;
        bool is_han = (cp >= 0x3400 && cp < 0xA000) || (cp >= 0x20000 && cp < 0x30000);
        double p = is_han ? han(cp) : other(cp);
        /* » and — may follow a letter; ¶ and é do not. */
        if ((before == SMALL || before == CAPITAL) && p < -6) p -= 4;
        if (arabic && (before == LATIN || before == SMALL || before == CAPITAL)) p -= 4;
        if (latin && before == ARABIC) p -= 4;
        if (latin && before == LATIN) p += 2;
        before = closes(cp) ? CLOSING : arabic ? ARABIC : latin ? LATIN : OTHER;
        sum += p;
    }
    return sum;
}
