/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format.h"

#include "readers.h"

#include <strings.h>

/* The surest marks first. */
static const jbk_input_format *const formats[] = {&jbk_read_sqlite, &jbk_read_warc,  &jbk_read_html,
                                                  &jbk_read_json,   &jbk_read_jsonl, &jbk_read_tsv,
                                                  &jbk_read_csv,    &jbk_read_text};
enum { FORMATS = sizeof formats / sizeof *formats };

const jbk_input_format *jbk_input_format_find(const char *name) {
    for (size_t i = 0; i < FORMATS; i++)
        if (!strcmp(formats[i]->name, name)) return formats[i];
    return NULL;
}

const jbk_input_format *jbk_input_format_detect(const char *head, size_t len, const char *name) {
    for (size_t i = 0; i < FORMATS; i++)
        if (formats[i]->looks && formats[i]->looks(head, len, name)) return formats[i];
    return NULL;
}

static size_t without(const char *name, size_t len, const char *ending) {
    size_t n = strlen(ending);
    return len > n && !strncasecmp(name + len - n, ending, n) ? len - n : len;
}

bool jbk_name_ends(const char *name, const char *ending) {
    static const char *const PACKED[] = {".gz", ".zst", ".xz", ".bz2"};
    size_t len = strlen(name);
    for (size_t i = 0; i < sizeof PACKED / sizeof *PACKED; i++) len = without(name, len, PACKED[i]);
    return without(name, len, ending) < len;
}
