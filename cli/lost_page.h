/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef JBK_CLI_LOST_PAGE_H
#define JBK_CLI_LOST_PAGE_H

/* Files of an index are mapped.  Where one is cut while it is read, or its disk fails, the system
 * sends SIGBUS or SIGSEGV: from now on that ends the program with exit status 3 and the name of the
 * file.  What happens elsewhere is a bug, and ends it as the system would. */
void jbk_catch_lost_pages(void);

#endif
