// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef JBK_SHIM_DATABASE_HH
#define JBK_SHIM_DATABASE_HH

#include <xapian.h>

namespace jbk {

// A database in one file; throws what Xapian throws.
Xapian::Database open_database(const char *path);

} // namespace jbk

#endif
