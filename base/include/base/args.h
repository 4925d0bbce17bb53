/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands and their options as tables, from which parsing and --help are made. */
#ifndef JBK_BASE_ARGS_H
#define JBK_BASE_ARGS_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    char letter;      /* 'i', or 0 where there is no short form */
    const char *name; /* without the dashes; NULL ends a table */
    const char *arg;  /* what follows, for the help; NULL where nothing does */
    const char *help; /* one line */
} jbk_option;

typedef struct {
    const char *name;
    const char *usage;   /* what follows the options: "QUERY" */
    const char *summary; /* one line */
    const jbk_option *options;
    const char *more; /* paragraphs for --help, or NULL */
    int (*run)(int argc, char **argv);
} jbk_command;

/* One pass over argv[1..].  Long options may be written --name=value; "--" ends them.
 * Non-options are collected in order. */
typedef struct {
    const jbk_command *command;
    int argc, at;
    char **argv;
    char **rest; /* non-options; part of argv's array, reordered */
    int nrest;
    const char *value; /* of the option just returned */
} jbk_args;

void jbk_args_begin(jbk_args *a, const jbk_command *command, int argc, char **argv);
enum { JBK_ARGS_END = -1, JBK_ARGS_WRONG = -2, JBK_ARGS_HELP = -3 };
/* The index of the next option in the table, or one of the above; WRONG fills err. */
int jbk_args_next(jbk_args *a, jbk_err *err);

/* All of it: `set` is called with `o` for each option but --help, of which *help tells; what is
 * left in a->rest are the operands.  Stops at the first that is wrong. */
typedef jbk_status jbk_args_set(void *o, int option, const char *value, jbk_err *err);
JBK_MUST_CHECK jbk_status jbk_args_all(jbk_args *a, const jbk_command *command, int argc,
                                       char **argv, jbk_args_set *set, void *o, bool *help,
                                       jbk_err *err);

/* A command whose only option is the index.  *dir: it, or $JIBEK_INDEX.  `operand` says what one
 * argument is due, e.g. "one query is due"; NULL: none.  *help: only the help was asked for. */
JBK_MUST_CHECK jbk_status jbk_args_plain(const jbk_command *command, int argc, char **argv,
                                         const char *operand, const char **dir, const char **value,
                                         bool *help, jbk_err *err);
/* Fails where there are operands. */
JBK_MUST_CHECK jbk_status jbk_args_none(const jbk_args *a, jbk_err *err);
/* Fails, with a hint, where `dir` is NULL. */
JBK_MUST_CHECK jbk_status jbk_args_need_index(const char *dir, jbk_err *err);

void jbk_print_help(const jbk_command *command); /* to stdout */

/* Values of options.  False where the text is not one. */
bool jbk_parse_number(const char *s, uint64_t max, uint64_t *out);
bool jbk_parse_size(const char *s, uint64_t *bytes); /* 512M, 2G, 65536, 64k */

/* "jibek: message" on stderr, hostile bytes made visible.  Returns the exit status. */
int jbk_report(const jbk_err *err);

#endif
