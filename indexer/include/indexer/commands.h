/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands of this room. */
#ifndef JBK_INDEXER_COMMANDS_H
#define JBK_INDEXER_COMMANDS_H

#include "base/args.h"

extern const jbk_command jbk_command_index, jbk_command_observe, jbk_command_compact;

#endif
