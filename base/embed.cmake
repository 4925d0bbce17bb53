# SPDX-License-Identifier: GPL-3.0-or-later
# cmake -DIN=file -DOUT=file.c -DNAME=symbol -P embed.cmake: the file's bytes and a NUL, as a C array.
file(READ ${IN} bytes HEX)
string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
file(WRITE ${OUT} "extern const unsigned char ${NAME}[];\nconst unsigned char ${NAME}[] = {${bytes}0};\n")
