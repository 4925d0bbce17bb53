// SPDX-License-Identifier: GPL-3.0-or-later
extern "C" {
#include "shim/json.h"
}

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <simdjson.h>

namespace {

// Room for the parts of an object, one behind the other; it is empty again once all are dropped,
// which for one object after another is after each.  What finds no room is allocated.
constexpr size_t ROOM = size_t{1} << 20, ROOMS = 64;

struct room {
    std::atomic<bool> taken;
    size_t used, parts;
};

room rooms[ROOMS];
alignas(16) char places[ROOMS][ROOM]; // no memory until it is written to
thread_local room *making;            // whose object is being made

room *take_room() {
    for (room &r : rooms)
        if (!r.taken.exchange(true)) return &r;
    return nullptr;
}

// An object that outlives its maker keeps the room.
void leave_room(room *r) {
    if (r && !r->parts) r->taken = false;
}

} // namespace

struct jbk_json {
    simdjson::dom::parser parser;
    room *own = take_room();

    ~jbk_json() { leave_room(own); }
};

extern "C" void *jbk_json_alloc(size_t n) {
    size_t need = (n + 15) / 16 * 16;
    if (!making || need > ROOM - making->used) return std::malloc(n);
    char *at = places[making - rooms] + making->used;
    making->used += need;
    making->parts++;
    return at;
}

extern "C" void jbk_json_drop(void *at) {
    uintptr_t place = reinterpret_cast<uintptr_t>(at) - reinterpret_cast<uintptr_t>(places);
    if (place >= sizeof places) {
        std::free(at);
        return;
    }
    room &r = rooms[place / ROOM];
    if (!--r.parts) r.used = 0;
}

namespace {

constexpr size_t LONGEST = size_t{1} << 18; // the parser keeps some thirteen times as much
constexpr unsigned DEEPEST = 64;

// NULL: not one of those that are read here.
json_t *made_of(simdjson::dom::element value, unsigned depth);

bool has_nul(std::string_view s) { return std::memchr(s.data(), 0, s.size()) != nullptr; }

json_t *made_of(simdjson::dom::object members, unsigned depth) {
    json_t *object = json_object();
    for (auto member : members) {
        json_t *value = has_nul(member.key) ? nullptr : made_of(member.value, depth);
        const char *key = member.key.data();
        if (value && !json_object_setn_new_nocheck(object, key, member.key.size(), value)) continue;
        json_decref(object);
        return nullptr;
    }
    return object;
}

json_t *made_of(simdjson::dom::array elements, unsigned depth) {
    json_t *array = json_array();
    for (auto element : elements) {
        json_t *value = made_of(element, depth);
        if (value && !json_array_append_new(array, value)) continue;
        json_decref(array);
        return nullptr;
    }
    return array;
}

json_t *made_of(simdjson::dom::element value, unsigned depth) {
    using simdjson::dom::element_type;
    switch (value.type()) {
    case element_type::OBJECT:
        return depth < DEEPEST ? made_of(value.get_object().value_unsafe(), depth + 1) : nullptr;
    case element_type::ARRAY:
        return depth < DEEPEST ? made_of(value.get_array().value_unsafe(), depth + 1) : nullptr;
    case element_type::STRING: {
        std::string_view s = value.get_string().value_unsafe();
        return has_nul(s) ? nullptr : json_stringn_nocheck(s.data(), s.size());
    }
    case element_type::INT64:
        return json_integer(value.get_int64().value_unsafe());
    case element_type::DOUBLE:
        return json_real(value.get_double().value_unsafe());
    case element_type::BOOL:
        return json_boolean(value.get_bool().value_unsafe());
    case element_type::NULL_VALUE:
        return json_null();
    default: // a whole number above those of json_int_t
        return nullptr;
    }
}

} // namespace

extern "C" json_t *jbk_json_quick(jbk_json **kept, const char *s, size_t len) {
    if (len > LONGEST) return nullptr;
    try {
        if (!*kept) *kept = new jbk_json;
        simdjson::dom::object root;
        if ((*kept)->parser.parse(s, len).get(root)) return nullptr;
        making = (*kept)->own;
        json_t *object = made_of(root, 1);
        making = nullptr;
        return object;
    } catch (...) { // no memory: jansson says so
        return nullptr;
    }
}

extern "C" void jbk_json_free(jbk_json *kept) { delete kept; }
