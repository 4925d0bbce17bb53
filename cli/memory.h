/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef JBK_CLI_MEMORY_H
#define JBK_CLI_MEMORY_H

/* Says that memory has ended, and ends the program with exit status 3, at once: nothing of the
 * index is half done but what its next writer sweeps away, and other threads get no chance to
 * wait for this one.  Allocations end so wherever they are made, in libraries, too (memory.c). */
_Noreturn void jbk_end_without_memory(void);

#endif
