/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Letters are orthographic facts; words and endings are what any grammar names first. */
#include "lang_profiles.h"

const jbk_lang_profile jbk_lang_profiles[JBK_LANG_PROFILES] = {
    {"ru", JBK_SCRIPT_CYRL, 1, "", "щцфъьэюв", "әғқұіһңөүїєўҳҷӣӯҙҫҡҗ",
     "и в не на что с по как из к о за от для это был была было были он она они его её но а или "
     "также при до так же бы году года под где все который которые которая после со во об их мы "
     "вы я у только ещё если когда может более этого",
     "ого его ому ему ыми ими ных ских ской ский ская ские ение ения ться ает ают ует ость ости "
     "ной ный ная ные ого ами ями ился лась лось ться ать ить ции ция ов ев"},
    {"kk", JBK_SCRIPT_CYRL, 0, "әғқұіһ", "ңөүы", "їєўҳҷӣӯҙҫҡҗ",
     "және мен бұл бір үшін болып деп да де бар жоқ ол осы сол кейін туралы емес еді ғана екен "
     "бойынша арқылы немесе оның олар болды қазақ бірақ екі көп дейін тек болған керек өз "
     "жане бул бир ушин кейин жок еди гана аркылы казак бирак кой гой",
     "ның нің дың дің тың тің ған ген қан кен лар лер дар дер тар тер нан нен дан ден ынан інен "
     "ады еді йды йді ында інде ының інің лық лік дық дік тық тік атын етін"},
    {"ky", JBK_SCRIPT_CYRL, 0, "", "ңөүэы", "әғқұіһїєўҳҷӣӯҙҫҡҗ",
     "жана менен бул бир үчүн болуп деп эмес эле анын алар болгон кийин тууралуу экен ошол ушул "
     "көп эки боюнча же анткени биринчи кыргыз эң ар эч анда бардык аны ошондой болот үч",
     "нын дын тын нин дин тин нун дун тун нүн дүн түн ган ген кан кен гон гөн кон көн лар лер "
     "дар дер лор лөр дор дөр тор төр уда үдө уу үү оо өө нан нен дан ден ында инде"},
    {"uk", JBK_SCRIPT_CYRL, 0, "їєґ", "івьюя", "ыэёәғқұһңөү",
     "і в та на що не з до як це від за для у був його або також при про року й а є які був",
     "ння ого ому ськ ний ти"},
    {"tt", JBK_SCRIPT_CYRL, 0, "җ", "әһңөүы", "ғқұіїєҙҫҡ",
     "һәм белән бу дә өчен булган бер татар дип", "нең ның лар ләр гән ган"},
    {"ba", JBK_SCRIPT_CYRL, 0, "ҙҫҡ", "әһңөүғы", "құі", "һәм менән был өсөн", "ның лар ләр ҙар"},
    {"tg", JBK_SCRIPT_CYRL, 0, "ҷӣӯ", "қғҳ", "ыщцұіңөүә", "ва дар аз ба ки бо барои ин аст", "ҳои"},
    {"uz", JBK_SCRIPT_CYRL, 0, "ў", "қғҳ", "ыщцұіңөүә", "ва билан бу учун бир ҳам эди", "нинг лар"},
    {"mn", JBK_SCRIPT_CYRL, 0, "", "өүэ", "әғқұіһңҙҫҡ",
     "нь байна юм гэж ба бол энэ болон байгаа монгол", "ийн ууд үүд гаа ээр аар сан"},
    {"ar", JBK_SCRIPT_ARAB, 1, "ةأإؤ", "ثصضطظذعح", "ەۇڭۋۆۈېپچگژٴ",
     "في من على إلى أن هذا التي هذه ما كان الذي عن مع لا", "ات ون ين ها"},
    {"fa", JBK_SCRIPT_ARAB, 0, "", "پچگژک", "ەۇڭۋۆۈېٴة",
     "و در به از که را این است با برای آن یک های", "ند های"},
    {"ug", JBK_SCRIPT_ARAB, 0, "ئېۈ", "ەۇڭۋۆغخھچ", "ٴعحة",
     "ۋە بۇ بىلەن بىر دەپ شۇ كېيىن كۆپ باشقا ياكى",
     "نىڭ لار لەر غان گەن دىن تىن لىق لىك قان كەن دى"},
    {"kk", JBK_SCRIPT_ARAB, 0, "ٴ", "ەۇڭۋعح", "ئېۈغخأإة",
     "جانە مەن بۇل ٴبىر ٴۇشىن بولىپ دەپ دا دە بار جوق ول وسى سول كەيىن تۋرالى ەمەس ەدى عانا "
     "ارقىلى نەمەسە ونىڭ ولار بولدى قازاق ەكەن بىراق بويىنشا",
     "نىڭ دىڭ تىڭ دى تى عان گەن لار لەر دار دەر تار تەر نان نەن دان دەن ادى ەدى ىندا ىندە"},
    {"en", JBK_SCRIPT_LATN, 1, "", "", "ңğǵşıñńŋäáöóūúüý",
     "the of and to in a is that for on with as was by it from at are be has have this which or "
     "not but they his her an he she we you its their been were will would can also more who",
     "ing tion ed ly ment ness ous ity ers est ies ght ght ould"},
    {"kk", JBK_SCRIPT_LATN, 0, "ǵńŋūğñ", "äáöóúüýşı", "",
     "jäne jáne ja'ne jane zhane men bul bir üshin úshin üşin u'shin ushin bolyp bolıp dep da de "
     "bar joq zhoq ol osy osı sol keıin keiin keyin turaly twralı týraly emes edi edı eken nemese "
     "arqyly arqılı onyń onyñ onıñ olar boldy boldı qazaq biraq bıraq qazaqstan",
     "nyń nyñ nıñ niñ niń dyń dyñ tyń tyñ dıñ tıñ nyn dyn tyn lar ler dar der tar ter ynan ında "
     "ynda inde ady adı ğan ǵan qan gan gen ken lyq lıq dyq tyq dıq tıq atyn atın yna ına"},
    {"uz", JBK_SCRIPT_LATN, 0, "", "x", "äáöóūúüýşığñǵńŋw",
     "va bilan bu uchun bir ham edi esa uning ular deb kerak yoki keyin shu bo'lgan bo'lib bo'ldi "
     "ko'p o'z qilish qilgan emas har bo'yicha juda shuningdek lekin ammo",
     "ning lar dan gan moqda ishi ish lik ligi dagi iga ini lari idan"},
};
