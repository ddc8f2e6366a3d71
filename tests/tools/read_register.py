"""Prints the rows of a register as JSON: a list of {header: value}. Usage: read_register.py REGISTER.xlsx [SHEET]"""
import datetime
import json
import sys

import openpyxl

NUMBER = "Реєстраційний №"


def plain(value):
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.time):
        return value.strftime("%H:%M")
    return value


def main():
    book = openpyxl.load_workbook(sys.argv[1])
    sheet = book[sys.argv[2] if len(sys.argv) > 2 else "Реєстр"]
    header, rows = None, []
    for cells in sheet.iter_rows():
        values = [plain(cell.value) for cell in cells]
        if header is None:
            if NUMBER in values or (len(sys.argv) > 2 and sum(v is not None for v in values) > 2):
                header = values
            continue
        if any(value is not None for value in values):
            rows.append(dict(zip(header, values)))
        for cell in cells:
            if cell.data_type == "f":
                sys.exit("a formula in %s" % cell.coordinate)
    json.dump(rows, sys.stdout, ensure_ascii=False)


main()
