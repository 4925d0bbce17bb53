/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command table and nothing else. */
#include "base/args.h"
#include "base/mem.h"
#include "completion.h"
#include "indexer/commands.h"
#include "lost_page.h"
#include "memory.h"
#include "search/commands.h"
#include "shim/json.h"

#include <errno.h>
#include <jansson.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const jbk_command *const COMMANDS[] = {
    &jbk_command_index,   &jbk_command_search,  &jbk_command_count,
    &jbk_command_export,  &jbk_command_explain, &jbk_command_show,
    &jbk_command_forget,  &jbk_command_compact, &jbk_command_check,
    &jbk_command_info,    &jbk_command_kwic,    &jbk_command_words,
    &jbk_command_observe, &jbk_command_analyze, &jbk_command_completion,
    &jbk_command_trace,   &jbk_command_stories, NULL,
};
enum { NCOMMANDS = sizeof COMMANDS / sizeof *COMMANDS - 1 };
const jbk_command *const *const jbk_commands = COMMANDS;

static void usage(FILE *f) {
    fprintf(f,
            "jibek %s — index and search scraped media, offline\n\n"
            "usage: jibek COMMAND [options] ...\n\ncommands:\n",
            JIBEK_VERSION);
    for (int i = 0; i < NCOMMANDS; i++)
        fprintf(f, "  %-11s %s\n", COMMANDS[i]->name, COMMANDS[i]->summary);
    fprintf(f, "\njibek COMMAND --help says more\n");
}

/* What a command left in the buffer of standard output may still fail to be written. */
static int end(int status) {
    if (!fflush(stdout) || errno == EPIPE || status == 3) return status;
    fprintf(stderr, "jibek: cannot write the output: %s\n", strerror(errno));
    return 3;
}

int main(int argc, char **argv) {
    setlocale(LC_CTYPE, "C.UTF-8");
    signal(SIGPIPE, SIG_IGN);
    jbk_catch_lost_pages();
    jbk_set_oom_hook(jbk_end_without_memory);
    json_set_alloc_funcs(jbk_json_alloc, jbk_json_drop);
    if (argc < 2) {
        usage(stderr);
        return 2;
    }
    if (!strcmp(argv[1], "help") && argc == 3) { /* jibek help search */
        argv[1] = argv[2];
        argv[2] = "--help";
    }
    if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
        usage(stdout);
        return 0;
    }
    if (!strcmp(argv[1], "--version")) {
        printf("jibek %s\n", JIBEK_VERSION);
        return 0;
    }
    for (int i = 0; i < NCOMMANDS; i++)
        if (!strcmp(argv[1], COMMANDS[i]->name)) return end(COMMANDS[i]->run(argc - 1, argv + 1));
    jbk_err err;
    jbk_fail(&err, JBK_USAGE, "main", "no such command: %s (see: jibek --help)", argv[1]);
    return jbk_report(&err);
}
