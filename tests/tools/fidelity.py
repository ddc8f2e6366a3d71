#!/usr/bin/env python3
"""Tries the minimal edit on workbooks and lets the checker judge: append 1 row, append 100, set 100 cells.

  fidelity.py PROGRAM WORKBOOK... [--sheet NAME] [--lo] [--validator CMD]

One line of JSON a trial: {"file", "trial", "result": "faithful" | "refused" | "wrong", "said"}. A refusal is clean if
nothing was written and the input is as it was. Exit 0 if no trial is wrong.
"""
import argparse, hashlib, json, os, posixpath, subprocess, sys, tempfile, zipfile
from lxml import etree

CHECKER = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'xlsx_fidelity.py')
RELS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
LAST_ROW = 1048576


def local(element):
    return etree.QName(element).localname if isinstance(element.tag, str) else ''


def column(number):
    name = ''
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def place(reference):
    letters = reference.rstrip('0123456789')
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number, int(reference[len(letters):])


class Book:
    """What is needed of a workbook to say where a row may be appended."""

    def __init__(self, path, sheet):
        self.zip = zipfile.ZipFile(path)
        book, rels = self.part('xl/workbook.xml'), self.rels('xl/workbook.xml')
        sheets = [e for e in book.iter() if local(e) == 'sheet']
        names = [e.get('name') for e in sheets]
        self.position = names.index(sheet) if sheet else 0
        identity = next(v for k, v in sheets[self.position].attrib.items() if local_name(k) == 'id')
        self.name = rels[identity][0]
        self.tables = []
        for target, kind in self.rels(self.name).values():
            if kind.endswith('/table'):
                self.tables.append(self.part(target))
        self.rows, number = {}, 0
        for row in (e for e in self.part(self.name).iter() if local(e) == 'row'):
            number = int(row.get('r') or number + 1)
            cells, at = {}, 0
            for cell in (e for e in row if local(e) == 'c'):
                at = place(cell.get('r'))[0] if cell.get('r') else at + 1
                kinds = [local(e) for e in cell]
                cells[at] = 'formula' if 'f' in kinds else 'value' if 'v' in kinds or 'is' in kinds else 'blank'
            self.rows[number] = cells

    def part(self, name):
        return etree.fromstring(self.zip.read(name), etree.XMLParser(huge_tree=True))

    def rels(self, name):
        folder, base = posixpath.split(name)
        path = posixpath.join(folder, '_rels', base + '.rels')
        if path not in self.zip.namelist():
            return {}
        found = {}
        for e in self.part(path):
            if isinstance(e.tag, str):
                target = posixpath.normpath(posixpath.join(folder, e.get('Target'))).lstrip('/')
                if e.get('Target').startswith('/'):
                    target = e.get('Target').lstrip('/')
                found[e.get('Id')] = (target, e.get('Type'))
        return found

    def area(self):
        """First and last column and last data row of the first table, else of the sheet."""
        columns = sorted({c for cells in self.rows.values() for c, kind in cells.items() if kind != 'blank'})
        first, last = (columns[0], columns[-1]) if columns else (1, 1)
        if self.tables:
            start, _, end = self.tables[0].get('ref').partition(':')
            first, last = place(start)[0], place(end or start)[0]
        filled = [r for r, cells in self.rows.items()
                  if any(first <= c <= last and kind != 'blank' for c, kind in cells.items())]
        end = max(filled, default=0)
        return first, last, end


def local_name(attribute):
    return attribute.rpartition('}')[2]


def trials(book):
    first, last, end = book.area()
    width = min(last - first + 1, 20)
    table_ends = [place(t.get('ref').partition(':')[2] or t.get('ref'))[1] for t in book.tables[:1]]
    for count in (1, 100):
        if end + count > LAST_ROW:
            continue
        cells = {}
        for row in range(end + 1, end + 1 + count):
            for offset in range(width):
                value = 1000 + row if offset == 0 else 'рядок %d, графа %d: «їжак» & <ґанок>' % (row, offset)
                cells[column(first + offset) + str(row)] = value
        changes = {'sheet': book.position, 'cells': cells, 'new_rows': list(range(end + 1, end + 1 + count)),
                   'grow': [{'from': end, 'to': end + count}],
                   'must_grow': ['table'] if table_ends == [end] else [],
                   'custom_props': {'zvernennia.revision': str(end)},
                   'may_add': ['docProps/custom.xml'], 'may_drop': ['xl/calcChain.xml']}
        yield 'append %d' % count, changes
    plain = [(r, c) for r, cells in sorted(book.rows.items()) for c, kind in sorted(cells.items()) if kind == 'value']
    headers = {place(t.get('ref').partition(':')[0])[1] for t in book.tables}
    plain = [(r, c) for r, c in plain if r not in headers]
    step = max(1, len(plain) // 100)
    chosen = plain[::step][:100]
    if chosen:
        yield 'set 100', {'sheet': book.position,
                          'cells': {column(c) + str(r): 'змінено %d' % n for n, (r, c) in enumerate(chosen)},
                          'custom_props': {'zvernennia.revision': '7'},
                          'may_add': ['docProps/custom.xml'], 'may_drop': ['xl/calcChain.xml']}


def digest(path):
    with open(path, 'rb') as file:
        return hashlib.sha256(file.read()).hexdigest()


def one(args, path, name, changes, folder):
    listed, out = os.path.join(folder, 'changes.json'), os.path.join(folder, 'out' + os.path.splitext(path)[1])
    with open(listed, 'w', encoding='utf-8') as file:
        json.dump(changes, file, ensure_ascii=False)
    if os.path.exists(out):
        os.remove(out)
    before = digest(path)
    done = subprocess.run([args.program, 'workbook', 'edit', path, out, '--changes', listed],
                          capture_output=True, text=True)
    if digest(path) != before:
        return 'wrong', 'the input was changed'
    if done.returncode == 1:
        clean = not os.path.exists(out) and done.stderr.strip() and 'panicked' not in done.stderr
        return ('refused' if clean else 'wrong'), done.stderr.strip()
    if done.returncode != 0:
        return 'wrong', 'exit %d: %s' % (done.returncode, done.stderr.strip())
    command = [sys.executable, CHECKER, path, out, listed]
    command += [] if args.lo else ['--no-lo']
    if args.validator:
        command += ['--validator', args.validator]
    judged = subprocess.run(command, capture_output=True, text=True)
    said = (judged.stdout + judged.stderr).strip()
    return ('faithful', '') if judged.returncode == 0 else ('wrong', said)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('program')
    parser.add_argument('workbooks', nargs='+')
    parser.add_argument('--sheet')
    parser.add_argument('--lo', action='store_true', help='LibreOffice reads the results, too')
    parser.add_argument('--validator')
    args = parser.parse_args()
    wrong = False
    with tempfile.TemporaryDirectory() as folder:
        for path in args.workbooks:
            try:
                tried = list(trials(Book(path, args.sheet)))
            except (KeyError, StopIteration, ValueError, etree.XMLSyntaxError) as error:
                tried = [('set 100', {'sheet': 0, 'cells': {'A1': 'змінено'}})]
            for name, changes in tried:
                result, said = one(args, path, name, changes, folder)
                wrong = wrong or result == 'wrong'
                print(json.dumps({'file': os.path.basename(path), 'trial': name, 'result': result, 'said': said},
                                 ensure_ascii=False), flush=True)
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
