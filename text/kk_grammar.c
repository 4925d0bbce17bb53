/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kk_grammar.h"

#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

/* Every ending in its back shape; the front one follows by а е, ы і, қ к, ғ г, ұ ү.  Behind the
 * colon what the stem may end in: V vowel, W и or ю, R р or й, U у, L л, N м н ң, Z з ж, T the
 * other consonants, "+" all.  "!" has no front shape and follows both. */
enum {
    PLURAL,
    GENITIVE,
    ACCUSATIVE,
    DATIVE,
    LOCATIVE,
    ABLATIVE,
    INSTRUMENTAL,
    HIS_ACCUSATIVE,
    HIS_DATIVE,
    HIS_LOCATIVE,
    HIS_ABLATIVE,
    HIS_AS,
    HIS_LIKE,
    MY_DATIVE,
    HIS,
    MY,
    YOUR,
    OF_PLACE,
    LIKE,
    AS,
    WITHOUT,
    WITH,
    OWNED,
    PREDICATE,
    INFINITIVE,
    PARTICIPLE,
    PAST,
    HABITUAL,
    PRESENT,
    CONVERB,
    CUT_CONVERB,
    GERUND,
    CONDITIONAL,
    INTENT,
    FUTURE,
    SINCE,
    AGENT,
    HEARSAY,
    WISH,
    DESIRE,
    REQUEST,
    PERSON,
    NEGATION,
    NEGATIVE_FUTURE,
    IMPERATIVE,
    ABSTRACT,
    PASSIVE,
    CAUSATIVE,
    RECIPROCAL,
    SLOTS
};

/* `doubtful`: as likely the end of the stem, and taken away only where a root remains. */
static const struct {
    const char *shapes;
    uint8_t cost; /* against other ways to take endings away, in tenths of a letter */
    bool doubtful;
} ENDINGS[SLOTS] = {
    [PLURAL] = {"лар:VWRU дар:LNZ тар:T", 0, false},
    [GENITIVE] = {"ның:VWNU дың:RUZL тың:T", 0, false},
    [ACCUSATIVE] = {"ны:VW ды:RULNZ ты:T", 0, false},
    [DATIVE] = {"ға:VWRULNZ қа:T", 0, false},
    [LOCATIVE] = {"да:VWRULNZ та:T", 0, false},
    [ABLATIVE] = {"нан:N дан:VWRULZ тан:T", 0, false},
    [INSTRUMENTAL] = {"!мен:VWRULN !бен:Z !пен:T !менен:VWRULN !бенен:Z !пенен:T", 0, false},
    [HIS_ACCUSATIVE] = {"н:+", 0, false},
    [HIS_DATIVE] = {"на:+", 0, false},
    [HIS_LOCATIVE] = {"нда:+", 0, false},
    [HIS_ABLATIVE] = {"нан:+", 0, false},
    [HIS_AS] = {"нша:+", 0, false},
    [HIS_LIKE] = {"ндай:+", 0, false},
    [MY_DATIVE] = {"а:+", 0, false},
    [HIS] = {"сы:VW ы:RULNZT", 0, false},
    [MY] = {"м:VW ым:RULNZT мыз:VW ымыз:RULNZT", 0, false},
    [YOUR] = {"ң:VW ың:RULNZT ңыз:VW ыңыз:RULNZT", 0, false},
    [OF_PLACE] = {"ғы:VWRULNZ қы:T", 0, false},
    [LIKE] = {"дай:VWRULNZ тай:T", 0, false},
    [AS] = {"ша:+", 0, false},
    [WITHOUT] = {"сыз:+", 0, false},
    [WITH] = {"лы:VWRU ды:LNZ ты:T", 0, false},
    [OWNED] = {"!нікі:VWN !дікі:RULZ !тікі:T", 0, false},
    [PREDICATE] = {"мын:VWRUL бын:NZ пын:T сың:+ сыз:+ мыз:VWRUL быз:NZ пыз:T сыңдар:+ сыздар:+", 0,
                   false},
    [INFINITIVE] = {"у:+", 0, false},
    [PARTICIPLE] = {"ған:VWRULNZ қан:T", 0, false},
    [PAST] = {"ды:VWRULNZ ты:T", 0, false},
    [HABITUAL] = {"атын:RULNZT йтын:V итын:RULNZT", 0, false},
    [PRESENT] = {"ады:RULNZT йды:V иды:RULNZT", 0, false},
    [CONVERB] = {"а:RULNZT й:V", 0, false},
    [CUT_CONVERB] = {"и:RULNZT", 0, true},
    [GERUND] = {"ып:RULNZT п:VU", 0, false},
    [CONDITIONAL] = {"са:+", 0, false},
    [INTENT] = {"мақ:VWRUL бақ:NZ пақ:T мақшы:VWRUL бақшы:NZ пақшы:T", 0, false},
    [FUTURE] = {"ар:RULNZT р:V", 25, true},
    [SINCE] = {"ғалы:VWRULNZ қалы:T", 0, false},
    [AGENT] = {"ушы:+", 0, false},
    [HEARSAY] = {"ыпты:RULNZT пты:VU", 0, false},
    [WISH] = {"сын:+ йын:V айын:RULNZT йық:V айық:RULNZT йықшы:V айықшы:RULNZT", 0, false},
    [DESIRE] = {"ғы:VWRULNZ қы:T", 0, true},
    [REQUEST] = {"шы:+", 0, true},
    [PERSON] = {"м:V ң:V қ:V ңыз:V ңдар:V ңыздар:V", 0, false},
    [NEGATION] = {"ма:VWRUL ба:NZ па:T", 0, false},
    [NEGATIVE_FUTURE] = {"мас:VWRUL бас:NZ пас:T", 0, false},
    [IMPERATIVE] = {"ңыз:V ыңыз:RULNZT ңдар:V ыңдар:RULNZT ңыздар:V ыңыздар:RULNZT", 0, false},
    [ABSTRACT] = {"лық:VWRU дық:LNZ тық:T", 0, true},
    [PASSIVE] = {"ыл:RULNZT л:V ын:RULNZT н:V", 0, true},
    [CAUSATIVE] = {"дыр:VWRULNZ тыр:T т:VRUL ғыз:VWRULNZ қыз:T ыт:ZT", 0, true},
    [RECIPROCAL] = {"ыс:RULNZT с:V", 0, true},
};

/* Grouped by the state they start from. */
static const kk_step STEPS[] = {
    {KK_ANY, PREDICATE, KK_NOMINAL},
    {KK_ANY, GENITIVE, KK_CASED},
    {KK_ANY, ACCUSATIVE, KK_CASED},
    {KK_ANY, DATIVE, KK_CASED},
    {KK_ANY, LOCATIVE, KK_CASED},
    {KK_ANY, ABLATIVE, KK_CASED},
    {KK_ANY, INSTRUMENTAL, KK_CASED},
    {KK_ANY, HIS_ACCUSATIVE, KK_OF_HIS},
    {KK_ANY, HIS_DATIVE, KK_OF_HIS},
    {KK_ANY, HIS_LOCATIVE, KK_OF_HIS},
    {KK_ANY, HIS_ABLATIVE, KK_OF_HIS},
    {KK_ANY, MY_DATIVE, KK_OF_MINE},
    {KK_ANY, HIS, KK_POSSESSED},
    {KK_ANY, MY, KK_POSSESSED},
    {KK_ANY, YOUR, KK_POSSESSED},
    {KK_ANY, PLURAL, KK_PLURAL},
    {KK_ANY, OF_PLACE, KK_PLACE},
    {KK_ANY, LIKE, KK_CASED},
    {KK_ANY, AS, KK_CASED},
    {KK_ANY, WITHOUT, KK_POSSESSED},
    {KK_ANY, WITH, KK_QUALITY},
    {KK_ANY, OWNED, KK_CASED},
    {KK_ANY, INFINITIVE, KK_VERB},
    {KK_ANY, PARTICIPLE, KK_VERB},
    {KK_ANY, PAST, KK_VERB},
    {KK_ANY, HABITUAL, KK_VERB},
    {KK_ANY, PRESENT, KK_VERB},
    {KK_ANY, CONVERB, KK_VERB},
    {KK_ANY, GERUND, KK_VERB},
    {KK_ANY, CONDITIONAL, KK_VERB},
    {KK_ANY, INTENT, KK_VERB},
    {KK_ANY, FUTURE, KK_VERB},
    {KK_ANY, SINCE, KK_VERB},
    {KK_ANY, AGENT, KK_VERB},
    {KK_ANY, HEARSAY, KK_VERB},
    {KK_ANY, WISH, KK_VERB},
    {KK_ANY, PERSON, KK_TENSED},
    {KK_ANY, IMPERATIVE, KK_VERB},
    {KK_ANY, NEGATION, KK_VERB_1},
    {KK_ANY, NEGATIVE_FUTURE, KK_VERB_1},
    {KK_ANY, HIS_AS, KK_OF_HIS},
    {KK_ANY, HIS_LIKE, KK_OF_HIS},
    {KK_ANY, CUT_CONVERB, KK_VERB},
    {KK_ANY, REQUEST, KK_VERB},
    {KK_ANY, ABSTRACT, KK_NOMINALIZED},

    {KK_NOMINAL, GENITIVE, KK_CASED},
    {KK_NOMINAL, LOCATIVE, KK_CASED},
    {KK_NOMINAL, HIS_LOCATIVE, KK_OF_HIS},
    {KK_NOMINAL, HIS, KK_POSSESSED},
    {KK_NOMINAL, MY, KK_POSSESSED},
    {KK_NOMINAL, PLURAL, KK_PLURAL},
    {KK_NOMINAL, WITHOUT, KK_POSSESSED},
    {KK_NOMINAL, WITH, KK_QUALITY},
    {KK_NOMINAL, INFINITIVE, KK_VERB},
    {KK_NOMINAL, PARTICIPLE, KK_VERB},
    {KK_NOMINAL, HABITUAL, KK_VERB},
    {KK_NOMINAL, CONVERB, KK_VERB},
    {KK_NOMINAL, GERUND, KK_VERB},
    {KK_NOMINAL, FUTURE, KK_VERB},
    {KK_NOMINAL, NEGATIVE_FUTURE, KK_VERB_1},
    {KK_NOMINAL, CUT_CONVERB, KK_VERB},

    {KK_CASED, HIS, KK_POSSESSED},
    {KK_CASED, MY, KK_POSSESSED},
    {KK_CASED, YOUR, KK_POSSESSED},
    {KK_CASED, PLURAL, KK_PLURAL},
    {KK_CASED, OF_PLACE, KK_PLACE},
    {KK_CASED, INFINITIVE, KK_VERB},
    {KK_CASED, PARTICIPLE, KK_VERB},
    {KK_CASED, HABITUAL, KK_VERB},
    {KK_CASED, INTENT, KK_VERB},
    {KK_CASED, AGENT, KK_VERB},
    {KK_CASED, WITHOUT, KK_POSSESSED},
    {KK_CASED, WITH, KK_QUALITY},
    {KK_CASED, FUTURE, KK_VERB},
    {KK_CASED, NEGATIVE_FUTURE, KK_VERB_1},
    {KK_CASED, ABSTRACT, KK_NOMINALIZED},

    {KK_OF_HIS, HIS, KK_POSSESSED},

    {KK_OF_MINE, MY, KK_POSSESSED},
    {KK_OF_MINE, YOUR, KK_POSSESSED},

    {KK_PLACE, LOCATIVE, KK_CASED},
    {KK_PLACE, HIS_LOCATIVE, KK_OF_HIS},

    {KK_POSSESSED, PLURAL, KK_PLURAL},
    {KK_POSSESSED, INFINITIVE, KK_VERB},
    {KK_POSSESSED, PARTICIPLE, KK_VERB},
    {KK_POSSESSED, HABITUAL, KK_VERB},
    {KK_POSSESSED, AGENT, KK_VERB},
    {KK_POSSESSED, INTENT, KK_VERB},
    {KK_POSSESSED, OF_PLACE, KK_PLACE},
    {KK_POSSESSED, ABSTRACT, KK_NOMINALIZED},
    {KK_POSSESSED, DESIRE, KK_VERB},

    {KK_PLURAL, OF_PLACE, KK_PLACE},
    {KK_PLURAL, AGENT, KK_VERB},
    {KK_PLURAL, PARTICIPLE, KK_VERB},
    {KK_PLURAL, INFINITIVE, KK_VERB},
    {KK_PLURAL, FUTURE, KK_VERB},
    {KK_PLURAL, WITH, KK_QUALITY},

    {KK_NOMINALIZED, PARTICIPLE, KK_VERB},
    {KK_NOMINALIZED, FUTURE, KK_VERB},
    {KK_NOMINALIZED, AGENT, KK_VERB},

    {KK_TENSED, PAST, KK_VERB},
    {KK_TENSED, CONDITIONAL, KK_VERB},
    {KK_TENSED, CONVERB, KK_VERB},

    {KK_VERB, NEGATION, KK_VERB_1},
    {KK_VERB, PASSIVE, KK_VERB_1},
    {KK_VERB, CAUSATIVE, KK_VERB_1},
    {KK_VERB, RECIPROCAL, KK_VERB_1},

    {KK_VERB_1, PASSIVE, KK_VERB_2},
    {KK_VERB_1, CAUSATIVE, KK_VERB_2},
    {KK_VERB_1, RECIPROCAL, KK_VERB_2},

    {KK_VERB_2, PASSIVE, KK_VERB_3},
    {KK_VERB_2, CAUSATIVE, KK_VERB_3},
};
enum { NSTEPS = sizeof STEPS / sizeof *STEPS };

bool kk_state_is_noun(kk_state state) {
    return state == KK_NOMINAL || state == KK_CASED || state == KK_POSSESSED ||
           state == KK_PLURAL || state == KK_QUALITY;
}

bool kk_state_is_verb(kk_state state) { return state >= KK_VERB && state <= KK_VERB_3; }

int kk_slot_cost(unsigned slot) { return ENDINGS[slot].cost; }
bool kk_slot_is_doubtful(unsigned slot) { return ENDINGS[slot].doubtful; }

/* --- reading the endings --- */

static kk_set ends_in(char c) {
    static const char *const NAMED[128] = {
        ['V'] = "аоұыяәеөүіэ", ['W'] = "ию",  ['R'] = "рй", ['U'] = "у",
        ['L'] = "л",           ['N'] = "мнң", ['Z'] = "зж", ['T'] = "пфкқтсшщчцхһбвгдғьъ",
    };
    return c == '+' ? ~(kk_set)0 : kk_letters(NAMED[(unsigned char)c]);
}

static uint32_t fronted(uint32_t cp) {
    static const uint32_t BACK[] = U"аығқұ", FRONT[] = U"еігкү";
    for (size_t i = 0; BACK[i]; i++)
        if (BACK[i] == cp) return FRONT[i];
    return cp;
}

/* One ending "дар:LNZ" of `len` bytes; in its other shape where `front`.  False where it has no
 * other shape. */
static bool read_form(const char *s, size_t len, bool front, kk_form *f) {
    bool both = *s == '!', differs = false;
    jbk_buf shape = {0};
    kk_word w;
    char key[2 * KK_FORM_MAX];
    *f = (kk_form){.harmony = front ? KK_FRONT : KK_BACK};
    size_t i = both;
    while (s[i] != ':') {
        uint32_t cp = jbk_utf8_next(s, len, &i);
        differs |= fronted(cp) != cp;
        jbk_utf8_put(&shape, front ? fronted(cp) : cp);
    }
    if (!kk_read(shape.data, shape.len, false, &w)) abort(); /* the table is at fault */
    f->n = (uint8_t)kk_spell(&w, key, f->at);
    f->key = key[0];
    jbk_buf_free(&shape);
    for (i++; i < len; i++) f->after |= ends_in(s[i]);
    if (!differs || both) f->harmony = KK_NO_HARMONY;
    return !front || (differs && !both);
}

void kk_grammar_init(kk_grammar *g) {
    unsigned n = 0;
    g->back = kk_letters("аоұыя");
    g->front = kk_letters("әеөүіэ");
    g->loan_end = kk_letters("вь");
    g->loan_vowel = kk_letters("и");
    for (unsigned slot = 0; slot < SLOTS; slot++) {
        g->first[slot] = (uint16_t)n;
        for (const char *s = ENDINGS[slot].shapes; *s;) {
            size_t len = strcspn(s, " ");
            n += read_form(s, len, false, &g->forms[n]);
            n += read_form(s, len, true, &g->forms[n]);
            s += len + (s[len] == ' ');
        }
    }
    g->first[SLOTS] = (uint16_t)n;
    g->steps = STEPS;
    for (unsigned i = NSTEPS; i-- > 0;) g->first_step[STEPS[i].from] = (uint8_t)i;
    g->first_step[KK_STATES] = NSTEPS;
    /* States that nothing starts from are empty. */
    bool starts[KK_STATES] = {false};
    for (unsigned i = 0; i < NSTEPS; i++) starts[STEPS[i].from] = true;
    for (unsigned s = KK_STATES; s-- > 0;)
        if (!starts[s]) g->first_step[s] = g->first_step[s + 1];
}

kk_harmony kk_harmony_of(const kk_grammar *g, const kk_set *word, size_t n) {
    /* Surnames in -ев are back or front as they please, so are loanwords behind ь and и. */
    if (n && !(word[n - 1] & ~g->loan_end)) return KK_NO_HARMONY;
    while (n--) {
        if (!(word[n] & ~g->loan_vowel)) return KK_NO_HARMONY;
        if (!(word[n] & ~g->back)) return KK_BACK;
        if (!(word[n] & ~g->front)) return KK_FRONT;
        if (word[n] & (g->back | g->front)) return KK_NO_HARMONY; /* the spelling leaves it open */
    }
    return KK_NO_HARMONY;
}
