/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/args.h"
#include "checker.h"
#include "search/commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { O_INDEX, O_DEEP };

static const jbk_option OPTIONS[] = {
    {'i', "index", "INDEX", "the index folder (default $JIBEK_INDEX)"},
    {0, "deep", NULL, "make the postings again from the stored text; as slow as indexing"},
    {0, NULL, NULL, NULL},
};

static const char MORE[] =
    "Prints nothing where all is well.  Each line says which file or table is damaged, which\n"
    "documents that touches, and what to do.  Exit status 1: damage was found.";

static void run_checks(jbk_check *c) {
    if (c->view) {
        jbk_check_segments(c);
        jbk_check_values(c);
        jbk_check_records(c);
        jbk_check_words(c);
        if (c->deep) jbk_check_deep(c);
    } else {
        jbk_check_loose_files(c);
    }
    jbk_check_progress(c, NULL, 0, 0);
}

static int check(jbk_check *c) {
    jbk_err err = {0};
    jbk_status status = jbk_check_open(c, &err);
    bool damaged = false;
    if (!status) {
        run_checks(c);
        damaged = c->findings.at.n;
        jbk_check_print(c);
        if (!damaged) jbk_check_leftovers(c);
    }
    jbk_check_close(c);
    if (status) return jbk_report(&err);
    return damaged ? 1 : 0;
}

static int check_main(int argc, char **argv) {
    jbk_err err = {0};
    jbk_args a;
    jbk_check c = {.dir = getenv("JIBEK_INDEX"), .terminal = isatty(STDERR_FILENO)};
    jbk_args_begin(&a, &jbk_command_check, argc, argv);
    for (int option; (option = jbk_args_next(&a, &err)) != JBK_ARGS_END;) {
        if (option == JBK_ARGS_WRONG) return jbk_report(&err);
        if (option == JBK_ARGS_HELP) {
            jbk_print_help(&jbk_command_check);
            return 0;
        }
        if (option == O_DEEP) c.deep = true;
        if (option == O_INDEX) c.dir = a.value;
    }
    jbk_status status = jbk_args_need_index(c.dir, &err);
    if (!status) status = jbk_args_none(&a, &err);
    return status ? jbk_report(&err) : check(&c);
}

const jbk_command jbk_command_check = {"check", "",   "find damage in an index",
                                       OPTIONS, MORE, check_main};
