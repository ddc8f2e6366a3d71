"""What a person does to a register in LibreOffice, for real: /usr/bin/python3 libreoffice.py REGISTER.xlsx < ACTIONS

One action a line, as a JSON list; answers with a line of JSON each. The file is opened by the first and closed by ["close"].
"""
import json
import os
import subprocess
import sys
import tempfile
import time

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.table import CellAddress, CellRangeAddress, TableSortField
from com.sun.star.sheet import TableFilterField

NUMBER = "Реєстраційний №"


def prop(name, value):
    item = PropertyValue()
    item.Name, item.Value = name, value
    return item


class Person:
    def __init__(self, path):
        self.url = uno.systemPathToFileUrl(os.path.abspath(path))
        self.profile = tempfile.TemporaryDirectory()
        pipe = "zvernennia%d" % os.getpid()
        self.office = subprocess.Popen(
            ["soffice", "--headless", "--norestore", "--nologo", "-env:UserInstallation=file://" + self.profile.name,
             "--accept=pipe,name=%s;urp;" % pipe], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        for _ in range(600):
            try:
                self.context = resolver.resolve("uno:pipe,name=%s;urp;StarOffice.ComponentContext" % pipe)
                break
            except Exception:
                time.sleep(0.1)
        self.desktop = self.context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", self.context)
        self.doc = None

    def open(self):
        self.doc = self.desktop.loadComponentFromURL(self.url, "_blank", 0, (prop("Hidden", True),))
        self.sheet = self.doc.Sheets.getByName("Реєстр")
        return True

    def extent(self):
        cursor = self.sheet.createCursor()
        cursor.gotoEndOfUsedArea(False)
        right, bottom = cursor.RangeAddress.EndColumn, cursor.RangeAddress.EndRow
        data = self.sheet.getCellRangeByPosition(0, 0, right, bottom).getDataArray()
        top = next(row for row, cells in enumerate(data) if NUMBER in cells)
        self.heads = {head: column for column, head in enumerate(data[top]) if head}
        last = max(row for row, cells in enumerate(data) if any(str(cell).strip() for cell in cells))
        return top, last, right, data

    def row_of(self, number):
        _, _, _, data = self.extent()
        return next(row for row, cells in enumerate(data) if cells[self.heads[NUMBER]] == number)

    def numbers(self):
        top, last, _, data = self.extent()
        return [data[row][self.heads[NUMBER]] for row in range(top + 1, last + 1)]

    def cell(self, number, head):
        row = self.row_of(number)
        return self.sheet.getCellByPosition(self.heads[head], row)

    def type(self, number, head, text):
        self.cell(number, head).setString(text)

    def colour(self, number, head, rgb):
        self.cell(number, head).CellBackColor = rgb

    def comment(self, number, head, text):
        address = self.cell(number, head).getCellAddress()
        self.sheet.Annotations.insertNew(address, text)

    def below(self, cells, insert_before=None):
        top, last, _, _ = self.extent()
        row = last + 1
        if insert_before:
            row = self.row_of(insert_before)
            self.sheet.Rows.insertByIndex(row, 1)
        for head, text in cells.items():
            self.sheet.getCellByPosition(self.heads[head], row).setString(text)

    def delete(self, number):
        self.sheet.Rows.removeByIndex(self.row_of(number), 1)

    def copy(self, number):
        top, last, right, _ = self.extent()
        row = self.row_of(number)
        source = self.sheet.getCellRangeByPosition(0, row, right, row).RangeAddress
        address = self.sheet.getCellByPosition(0, last + 1).getCellAddress()
        self.sheet.copyRange(address, source)

    def sort(self, head, ascending):
        top, last, right, _ = self.extent()
        field = TableSortField()
        field.Field, field.IsAscending = self.heads[head], ascending
        area = self.sheet.getCellRangeByPosition(0, top + 1, right, last)
        area.sort((prop("SortFields", uno.Any("[]com.sun.star.table.TableSortField", (field,))),
                   prop("ContainsHeader", False)))

    def filter(self, head, text):
        top, last, right, _ = self.extent()
        area = self.sheet.getCellRangeByPosition(0, top, right, last)
        descriptor = area.createFilterDescriptor(True)
        if text:
            field = TableFilterField()
            field.Field, field.IsNumeric, field.StringValue = self.heads[head], False, text
            field.Operator = uno.Enum("com.sun.star.sheet.FilterOperator", "EQUAL")
            descriptor.setFilterFields((field,))
        descriptor.ContainsHeader = True
        area.filter(descriptor)

    def save(self):
        self.doc.store()

    def shut(self):
        self.doc.close(True)
        self.doc = None

    def end(self):
        if self.doc:
            self.doc.close(True)
        try:
            self.desktop.terminate()
        except Exception:
            pass
        self.office.wait(30)


person = Person(sys.argv[1])
try:
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        answer = getattr(person, name)(*arguments)
        print(json.dumps(answer), flush=True)
finally:
    person.end()
