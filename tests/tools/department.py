"""A department at its desk. Usage:
department.py notice LEDGER NUMBER CODE [urgent]  the ledger is told that the department has the appeal and must know it
department.py attachment LETTER OUT               saves the workbook of a letter
department.py show WORKBOOK                       rows of the workbook as JSON, a list of {header: value}
department.py fill WORKBOOK NUMBER HEADER VALUE   types a value into the row of this number
department.py sort WORKBOOK                       puts the rows into the opposite order
department.py drop WORKBOOK NUMBER               deletes the row of this number
department.py unstamp WORKBOOK                    saves it as a program does that keeps no properties
department.py spoil WORKBOOK password|list|long|macros
department.py reply LETTER OUT SENDER TEXT [WORKBOOK…] [HEADER: VALUE…]  answers a letter; our mail server puts these headers on top
"""
import datetime
import email
import email.message
import email.policy
import json
import os
import sqlite3
import sys
import zipfile

import openpyxl

SHEET, NUMBER, HEADER = "Звернення", "Номер звернення", 4


def notice(ledger, number, code, *urgent):
    db = sqlite3.connect(ledger)
    with db:
        (appeal, created), = db.execute("SELECT id, created_at FROM appeal WHERE number = ?", (number,))
        db.execute("UPDATE appeal SET status = 'routed', department = ? WHERE id = ?", (code, appeal))
        db.execute("INSERT INTO notice (appeal_id, department, cause, urgent, queued_at, sent_at) VALUES (?, ?, ?, ?, ?, '')",
                   (appeal, code, "routed %s" % appeal, len(urgent), created))


def attachment(letter, out):
    message = email.message_from_binary_file(open(letter, "rb"), policy=email.policy.default)
    part = next(part for part in message.iter_attachments() if part.get_filename().endswith(".xlsx"))
    open(out, "wb").write(part.get_payload(decode=True))
    print(part.get_filename())


def columns(sheet):
    return {cell.value: cell.column for cell in sheet[HEADER] if cell.value}


def show(workbook):
    sheet = openpyxl.load_workbook(workbook)[SHEET]
    head = columns(sheet)
    plain = lambda value: value.date().isoformat() if isinstance(value, datetime.datetime) else value
    rows = [{name: plain(sheet.cell(row, at).value) for name, at in head.items()} for row in range(HEADER + 1, sheet.max_row + 1)]
    json.dump([row for row in rows if row[NUMBER]], sys.stdout, ensure_ascii=False)


def fill(workbook, number, header, value):
    book = openpyxl.load_workbook(workbook)
    sheet = book[SHEET]
    head = columns(sheet)
    row, = (row for row in range(HEADER + 1, sheet.max_row + 1) if sheet.cell(row, head[NUMBER]).value == number)
    sheet.cell(row, head[header]).value = value
    book.save(workbook)


def sort(workbook):
    book = openpyxl.load_workbook(workbook)
    sheet = book[SHEET]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=HEADER + 1) if row[0].value]
    for at, values in enumerate(reversed(rows), HEADER + 1):
        for column, value in enumerate(values, 1):
            sheet.cell(at, column).value = value
    book.save(workbook)


def drop(workbook, number):
    book = openpyxl.load_workbook(workbook)
    sheet = book[SHEET]
    head = columns(sheet)
    row, = (row for row in range(HEADER + 1, sheet.max_row + 1) if sheet.cell(row, head[NUMBER]).value == number)
    sheet.delete_rows(row)
    book.save(workbook)


def unstamp(workbook):
    book = openpyxl.load_workbook(workbook)
    for name in list(book.custom_doc_props.names):
        del book.custom_doc_props[name]
    book.save(workbook)


def spoil(workbook, how):
    """Makes a workbook that nobody should trust."""
    if how == "password":
        open(workbook, "wb").write(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(2000))
    elif how == "list":
        book = openpyxl.Workbook()
        for row in (["Що купити", "Скільки"], ["папір", 5], ["ручки", 20]):
            book.active.append(row)
        book.save(workbook)
    elif how == "long":
        book = openpyxl.load_workbook(workbook)
        sheet = book[SHEET]
        for n in range(100000):
            sheet.append(["Ж-%d/2026" % (n + 1000), "", "", "", "", "виконано", "Усе зроблено вчасно."])
        book.save(workbook)
    elif how == "macros":
        old = zipfile.ZipFile(workbook)
        parts = {name: old.read(name) for name in old.namelist()}
        plain, macros = b"spreadsheetml.sheet.main+xml", b"ms-excel.sheet.macroEnabled.main+xml"
        types = parts["[Content_Types].xml"].replace(b"openxmlformats-officedocument." + plain, macros)
        parts["[Content_Types].xml"] = types.replace(b"</Types>", b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>')
        parts["xl/vbaProject.bin"] = b"Attribute VB_Name = ThisWorkbook"
        with zipfile.ZipFile(workbook, "w", zipfile.ZIP_DEFLATED) as new:
            for name, content in parts.items():
                new.writestr(name, content)


def reply(letter, out, sender, text, *more):
    asked = email.message_from_binary_file(open(letter, "rb"), policy=email.policy.default)
    answer = email.message.EmailMessage()
    answer["From"], answer["To"] = sender, "9a010722@gmail.com"
    answer["Subject"] = "Re: " + asked["Subject"]
    answer["Message-ID"] = "<%s@%s>" % (out.rsplit("/", 1)[-1], sender.rsplit("@", 1)[-1])
    answer["In-Reply-To"] = answer["References"] = asked["Message-ID"]
    answer["Date"] = "Tue, 03 Mar 2026 11:00:00 +0200"
    answer.set_content(text, subtype="html" if text.startswith("<") else "plain")
    for file in (file for file in more if ": " not in file):
        name = "Відповідь.xlsx" if file.endswith(".xlsx") else os.path.basename(file)
        answer.add_attachment(open(file, "rb").read(), maintype="application", subtype="octet-stream", filename=name)
    # Python would fold a long Message-ID into an encoded word.
    whole = os.path.join(os.path.dirname(out), "..", "tmp", os.path.basename(out))
    top = "".join(line + "\n" for line in more if ": " in line).encode()
    open(whole, "wb").write(top + answer.as_bytes(policy=email.policy.default.clone(max_line_length=900)))
    os.rename(whole, out)


globals()[sys.argv[1]](*sys.argv[2:])
