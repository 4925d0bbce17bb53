# SPDX-License-Identifier: GPL-3.0-or-later
"""An XLSX file as rows of cells, read with nothing but zip and XML."""

import datetime
import re
import xml.etree.ElementTree as xml
import zipfile

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def unescape(s):
    """_x000D_ and the like, as the format has what XML has not."""
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m.group(1), 16)), s)


def column_of(reference):
    number = 0
    for c in re.match("[A-Z]+", reference).group():
        number = number * 26 + ord(c) - 64
    return number - 1


class Book:
    """sheets: name -> rows, each a list of None, str, float or (float, number format)."""

    def __init__(self, path):
        with zipfile.ZipFile(path) as files:
            self.formats = self.read_styles(files)
            self.shared = self.read_shared(files)
            targets = {r.get("Id"): r.get("Target") for r in xml.fromstring(files.read("xl/_rels/workbook.xml.rels"))}
            book = xml.fromstring(files.read("xl/workbook.xml"))
            self.sheets, self.frozen, self.filters = {}, {}, {}
            for sheet in book.iter(MAIN + "sheet"):
                with files.open("xl/" + targets[sheet.get(RELATION)]) as data:
                    self.read_sheet(sheet.get("name"), data)

    @staticmethod
    def read_styles(files):
        styles = xml.fromstring(files.read("xl/styles.xml"))
        named = {f.get("numFmtId"): f.get("formatCode") for f in styles.iter(MAIN + "numFmt")}
        return [None if named.get(x.get("numFmtId")) == "General" else named.get(x.get("numFmtId"))
                for x in styles.find(MAIN + "cellXfs")]

    @staticmethod
    def read_shared(files):
        """Strings that stand in a part of their own, as other programs write them."""
        if "xl/sharedStrings.xml" not in files.namelist():
            return []
        return ["".join(t.text or "" for t in item.iter(MAIN + "t"))
                for item in xml.fromstring(files.read("xl/sharedStrings.xml")).iter(MAIN + "si")]

    def read_sheet(self, name, data):
        rows = self.sheets[name] = []
        for _, element in xml.iterparse(data):
            if element.tag == MAIN + "pane":
                self.frozen[name] = element.get("state"), element.get("ySplit")
            elif element.tag == MAIN + "autoFilter":
                self.filters[name] = element.get("ref")
            elif element.tag == MAIN + "row":
                rows.append(self.read_row(element))
                element.clear()

    def read_row(self, element):
        cells = []
        for c in element:
            column = column_of(c.get("r"))
            cells += [None] * (column + 1 - len(cells))
            cells[column] = self.read_cell(c)
        return cells

    def read_cell(self, c):
        if c.get("t") == "inlineStr":
            return unescape("".join(t.text or "" for t in c.iter(MAIN + "t")))
        if c.find(MAIN + "v") is None:
            return None
        if c.get("t") == "s":
            return unescape(self.shared[int(c.find(MAIN + "v").text)])
        value = float(c.find(MAIN + "v").text)
        form = self.formats[int(c.get("s") or 0)]
        return (value, form) if form else value


def shown_time(value, form):
    """A date cell as its format shows it, in the form of the other formats."""
    moment = datetime.datetime(1899, 12, 30) + datetime.timedelta(milliseconds=round(value * 86400000))
    plain = form.replace("\\", "")
    offset = re.search('" ([+-].*)"', plain)
    shape = plain.split('"')[0]
    shapes = {"yyyy": "%Y", "yyyy-mm": "%Y-%m", "yyyy-mm-dd": "%Y-%m-%d", "yyyy-mm-dd hh:mm": "%Y-%m-%dT%H:%M",
              "yyyy-mm-dd hh:mm:ss": "%Y-%m-%dT%H:%M:%S", "yyyy-mm-dd hh:mm:ss.000": "%Y-%m-%dT%H:%M:%S.%f"}
    text = moment.strftime(shapes[shape])
    if shape.endswith(".000"):
        text = text[:-3]
    return text + (offset.group(1) if offset else "")
