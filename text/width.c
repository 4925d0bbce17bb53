/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text/chars.h"

#include <unicode/uchar.h>

int jbk_cp_width(uint32_t cp) {
    if (cp < 0x300) return 1;
    uint32_t category = U_GET_GC_MASK((UChar32)cp);
    if (category & (U_GC_MN_MASK | U_GC_ME_MASK | U_GC_CF_MASK)) return 0;
    int width = u_getIntPropertyValue((UChar32)cp, UCHAR_EAST_ASIAN_WIDTH);
    return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

const char *jbk_text_version(void) { return U_ICU_VERSION; }
