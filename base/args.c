/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/args.h"

#include "base/safe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void jbk_args_begin(jbk_args *a, const jbk_command *command, int argc, char **argv) {
    *a = (jbk_args){.command = command, .argc = argc, .at = 1, .argv = argv, .rest = argv};
}

static int wrong(const jbk_args *a, jbk_err *err, const char *what, const char *option) {
    jbk_fail(err, JBK_USAGE, "args", "%s %s (see: jibek %s --help)", what, option,
             a->command->name);
    return JBK_ARGS_WRONG;
}

static int find(const jbk_args *a, char letter, const char *name, size_t len) {
    const jbk_option *o = a->command->options;
    for (int i = 0; o[i].name; i++) {
        if (letter ? o[i].letter == letter
                   : strlen(o[i].name) == len && !strncmp(o[i].name, name, len))
            return i;
    }
    return -1;
}

static int take_value(jbk_args *a, int option, const char *attached, const char *shown,
                      jbk_err *err) {
    const jbk_option *o = &a->command->options[option];
    a->value = attached;
    if (!o->arg) return attached ? wrong(a, err, "no value goes with", shown) : option;
    if (attached) return option;
    if (a->at >= a->argc) return wrong(a, err, "a value is missing after", shown);
    a->value = a->argv[a->at++];
    return option;
}

static int next_option(jbk_args *a, char *arg, jbk_err *err) {
    if (arg[1] != '-') {
        int i = find(a, arg[1], NULL, 0);
        if (i < 0) return arg[1] == 'h' ? JBK_ARGS_HELP : wrong(a, err, "no such option:", arg);
        return take_value(a, i, arg[2] ? arg + 2 : NULL, arg, err);
    }
    size_t len = strcspn(arg + 2, "=");
    int i = find(a, 0, arg + 2, len);
    if (i < 0)
        return !strcmp(arg, "--help") ? JBK_ARGS_HELP : wrong(a, err, "no such option:", arg);
    return take_value(a, i, arg[2 + len] ? arg + 3 + len : NULL, arg, err);
}

/* "-中国" or "-word" is a query that begins with NOT, and so is no option; "-n" is. */
static bool is_option(const jbk_args *a, const char *arg) {
    if (arg[0] != '-' || !arg[1] || (arg[1] >= '0' && arg[1] <= '9')) return false;
    if (arg[1] == '-' || !arg[2]) return true;
    return (unsigned char)arg[1] < 0x80 && find(a, arg[1], NULL, 0) >= 0;
}

int jbk_args_next(jbk_args *a, jbk_err *err) {
    while (a->at < a->argc) {
        char *arg = a->argv[a->at++];
        if (!strcmp(arg, "--")) {
            while (a->at < a->argc) a->rest[a->nrest++] = a->argv[a->at++];
        } else if (is_option(a, arg)) {
            return next_option(a, arg, err);
        } else {
            a->rest[a->nrest++] = arg;
        }
    }
    return JBK_ARGS_END;
}

jbk_status jbk_args_need_index(const char *dir, jbk_err *err) {
    return dir ? JBK_OK
               : jbk_fail(err, JBK_USAGE, "args", "which index? Give -i INDEX or set JIBEK_INDEX");
}

jbk_status jbk_args_none(const jbk_args *a, jbk_err *err) {
    if (!a->nrest) return JBK_OK;
    return jbk_fail(err, JBK_USAGE, "args", "%s takes no argument but -i INDEX (there is %s)",
                    a->command->name, a->rest[0]);
}

jbk_status jbk_args_all(jbk_args *a, const jbk_command *command, int argc, char **argv,
                        jbk_args_set *set, void *o, bool *help, jbk_err *err) {
    jbk_args_begin(a, command, argc, argv);
    *help = false;
    for (int option; (option = jbk_args_next(a, err)) != JBK_ARGS_END;) {
        if (option == JBK_ARGS_WRONG) return JBK_USAGE;
        *help |= option == JBK_ARGS_HELP;
        jbk_status status = option >= 0 ? set(o, option, a->value, err) : JBK_OK;
        if (status) return status;
    }
    return JBK_OK;
}

jbk_status jbk_args_plain(const jbk_command *command, int argc, char **argv, const char *operand,
                          const char **dir, const char **value, bool *help, jbk_err *err) {
    jbk_args a;
    jbk_args_begin(&a, command, argc, argv);
    *dir = getenv("JIBEK_INDEX");
    *help = false;
    for (int option; (option = jbk_args_next(&a, err)) != JBK_ARGS_END;) {
        if (option == JBK_ARGS_WRONG) return JBK_USAGE;
        if (option == JBK_ARGS_HELP)
            *help = true;
        else
            *dir = a.value;
    }
    if (*help) return JBK_OK;
    jbk_status status = jbk_args_need_index(*dir, err);
    if (status) return status;
    if (!operand) return jbk_args_none(&a, err);
    if (a.nrest != 1) return jbk_fail(err, JBK_USAGE, "args", "%s", operand);
    *value = a.rest[0];
    return JBK_OK;
}

void jbk_print_help(const jbk_command *c) {
    printf("jibek %s — %s\n\nusage: jibek %s [options] %s\n\noptions:\n", c->name, c->summary,
           c->name, c->usage);
    for (const jbk_option *o = c->options; o->name; o++) {
        char left[64];
        snprintf(left, sizeof left, "%c%c %s--%s %s", o->letter ? '-' : ' ',
                 o->letter ? o->letter : ' ', o->letter ? " " : " ", o->name, o->arg ? o->arg : "");
        printf("  %-34s %s\n", left, o->help);
    }
    printf("  %-34s %s\n", "-h  --help", "this text");
    if (c->more) printf("\n%s\n", c->more);
}

bool jbk_parse_number(const char *s, uint64_t max, uint64_t *out) {
    uint64_t n = 0;
    if (!*s) return false;
    for (; *s; s++) {
        if (*s < '0' || *s > '9') return false;
        uint64_t digit = (uint64_t)(*s - '0');
        if (digit > max || n > (max - digit) / 10) return false;
        n = n * 10 + digit;
    }
    *out = n;
    return true;
}

bool jbk_parse_size(const char *s, uint64_t *bytes) {
    size_t len = strlen(s);
    unsigned shift = 0;
    char digits[24];
    if (len && (s[len - 1] == 'B' || s[len - 1] == 'b')) len--;
    if (len && (s[len - 1] == 'i')) len--;
    switch (len ? s[len - 1] : 0) {
    case 'k':
    case 'K':
        shift = 10;
        break;
    case 'm':
    case 'M':
        shift = 20;
        break;
    case 'g':
    case 'G':
        shift = 30;
        break;
    default:
        break;
    }
    if (shift) len--;
    if (len >= sizeof digits) return false;
    memcpy(digits, s, len);
    digits[len] = '\0';
    if (!jbk_parse_number(digits, UINT64_MAX >> 31, bytes)) return false;
    *bytes <<= shift;
    return true;
}

int jbk_report(const jbk_err *err) {
    jbk_buf line = {0};
    jbk_safe_add(&line, err->msg, strlen(err->msg));
    fprintf(stderr, "jibek: %s\n", jbk_buf_cstr(&line));
    jbk_buf_free(&line);
    return jbk_exit_code(err->status);
}
