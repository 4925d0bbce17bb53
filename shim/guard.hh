// SPDX-License-Identifier: GPL-3.0-or-later
// The one place where exceptions become statuses.
#ifndef JBK_SHIM_GUARD_HH
#define JBK_SHIM_GUARD_HH

extern "C" {
#include "base/err.h"
}

namespace jbk {

// Called inside a catch block: say what the exception in flight, about the database at `path`,
// means.
jbk_status translate(jbk_err *err, const char *where, const char *path) noexcept;

// Run `body`; whatever it throws ends here.
template <typename Body> jbk_status guard(jbk_err *err, const char *where, const char *path, Body body) noexcept {
    try {
        body();
        return JBK_OK;
    } catch (...) {
        return translate(err, where, path);
    }
}

} // namespace jbk

#endif
