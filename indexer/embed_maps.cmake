# SPDX-License-Identifier: GPL-3.0-or-later
# cmake -DFOLDER=… -DMAPS=a,b,… -DOUT=… -P embed_maps.cmake: the mapping files as C.
string(REPLACE "," ";" maps "${MAPS}")
set(rows "")
set(texts "")
set(n 0)
foreach(map ${maps})
  file(READ "${FOLDER}/${map}.json" hex HEX)
  string(LENGTH "${hex}" len)
  math(EXPR len "${len} / 2")
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
  string(APPEND texts "static const unsigned char text${n}[] = {${bytes}};\n")
  string(APPEND rows "    {\"${map}\", (const char *)text${n}, ${len}},\n")
  math(EXPR n "${n} + 1")
endforeach()
file(WRITE "${OUT}" "#include \"maps_data.h\"\n${texts}
const jbk_map_data jbk_maps_data[] = {\n${rows}};
const size_t jbk_maps_count = ${n};\n")
