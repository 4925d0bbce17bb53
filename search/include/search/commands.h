/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands of this room. */
#ifndef JBK_SEARCH_COMMANDS_H
#define JBK_SEARCH_COMMANDS_H

#include "base/args.h"

extern const jbk_command jbk_command_search, jbk_command_count, jbk_command_export,
    jbk_command_explain, jbk_command_forget, jbk_command_show, jbk_command_info, jbk_command_check,
    jbk_command_kwic, jbk_command_words, jbk_command_analyze, jbk_command_trace,
    jbk_command_stories;

#endif
