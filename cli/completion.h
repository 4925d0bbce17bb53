/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Completion scripts for shells, made of the command table, the option tables and the field
 * table. */
#ifndef JBK_CLI_COMPLETION_H
#define JBK_CLI_COMPLETION_H

#include "base/args.h"

extern const jbk_command jbk_command_completion;
/* The table of main.c, NULL at its end. */
extern const jbk_command *const *const jbk_commands;

#endif
