"""What a person does to a register with another program than ours. Usage: person.py REGISTER.xlsx SCRIPT"""
import sys

import openpyxl

NUMBER = "Реєстраційний №"
b = openpyxl.load_workbook(sys.argv[1])
s = b["Реєстр"] if "Реєстр" in b.sheetnames else b.active


def heads(sheet):
    for row in sheet.iter_rows():
        found = {cell.value: cell.column for cell in row if isinstance(cell.value, str)}
        if len(found) > 3:
            return row[0].row, found
    sys.exit("no headers")


def line(sheet, header, value):
    top, found = heads(sheet)
    for row in range(top + 1, sheet.max_row + 1):
        if sheet.cell(row, found[header]).value == value:
            return row
    sys.exit("no row with %s = %s" % (header, value))


def column(sheet, header):
    return heads(sheet)[1][header]


def cell(number, header):
    return s.cell(line(s, NUMBER, number), column(s, header))


def below(**cells):
    """A row typed under the last one, by the beginnings of the headers."""
    top, found = heads(s)
    row = max(r for r in range(top, s.max_row + 1) if any(s.cell(r, c).value is not None for c in found.values())) + 1
    for start, value in cells.items():
        header = next(h for h in found if h.replace(" ", "_").startswith(start))
        s.cell(row, found[header]).value = value
    return row


exec(sys.argv[2])
b.save(sys.argv[1])
