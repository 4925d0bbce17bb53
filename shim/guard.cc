// SPDX-License-Identifier: GPL-3.0-or-later
#include "guard.hh"

#include <exception>
#include <new>
#include <xapian.h>

namespace {

struct mapping {
    const char *type; // Xapian::Error::get_type()
    jbk_status status;
};

constexpr mapping MAPPINGS[] = {
    {"DatabaseCorruptError", JBK_DAMAGED},
    {"DatabaseVersionError", JBK_DAMAGED},
    {"DatabaseNotFoundError", JBK_IO},
    {"DatabaseOpeningError", JBK_IO},
    {"DatabaseLockError", JBK_LOCKED},
    {"DatabaseError", JBK_IO},
    {"RangeError", JBK_FULL},
};

jbk_status status_of(const Xapian::Error &e) noexcept {
    for (const mapping &m : MAPPINGS)
        if (!__builtin_strcmp(m.type, e.get_type())) return m.status;
    return JBK_INTERNAL;
}

} // namespace

jbk_status jbk::translate(jbk_err *err, const char *where, const char *path) noexcept {
    try {
        throw;
    } catch (const Xapian::Error &e) {
        jbk_status status = status_of(e);
        return jbk_fail(err, status, where, "%s: %s (%s)%s%s%s", path, e.get_msg().c_str(),
                        e.get_type(), e.get_error_string() ? ": " : "",
                        e.get_error_string() ? e.get_error_string() : "",
                        status == JBK_DAMAGED ? "; " JBK_REMEDY : "");
    } catch (const std::bad_alloc &) {
        return jbk_fail(err, JBK_IO, where, "%s: out of memory", path);
    } catch (const std::exception &e) {
        return jbk_fail(err, JBK_INTERNAL, where, "%s: %s", path, e.what());
    } catch (...) {
        return jbk_fail(err, JBK_INTERNAL, where, "%s: an unknown exception", path);
    }
}
