-- The truth for all that the service has promised. Times are UTC, RFC 3339; days are Kyiv's calendar days.

-- Small facts about the ledger itself: its identity, the current revision, when a mailbox was first seen.
CREATE TABLE meta (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- Distinct letters. Two copies of one letter (both mailboxes, or fetched twice) are one row here.
CREATE TABLE letter (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    raw         TEXT NOT NULL,                 -- digest of the raw original in the store
    message_id  TEXT NOT NULL,                 -- "" if the letter has none
    fingerprint TEXT NOT NULL,                 -- digest of the content, independent of the way it came
    channel     TEXT NOT NULL,
    received_at TEXT NOT NULL,
    late        INTEGER NOT NULL,              -- its own date is far older than its arrival
    junk        INTEGER NOT NULL,              -- it lay in the folder where the server puts what it takes for spam
    sender      TEXT NOT NULL,
    sender_name TEXT NOT NULL,
    subject     TEXT NOT NULL,
    thread      TEXT NOT NULL,                 -- JSON array of Message-IDs: References, then In-Reply-To
    reading     TEXT NOT NULL,                 -- JSON of the reading
    text_digest TEXT NOT NULL,                 -- digest of the folded own text, "" for none
    outcome     TEXT NOT NULL CHECK (outcome IN ('pending', 'registered', 'copy', 'attached', 'aside', 'entrusted')),
    department  TEXT NOT NULL DEFAULT '',      -- code of the department that an entrusted letter speaks for
    approval    TEXT NOT NULL DEFAULT '' CHECK (approval IN ('', 'asked', 'yes', 'no')), -- whether it really does, by an operator
    appeal_id   INTEGER REFERENCES appeal (id),
    copy_of     INTEGER REFERENCES letter (id),
    reason      TEXT NOT NULL,                 -- why it was put aside, Ukrainian, for the operator
    reply_by    TEXT NOT NULL,                 -- day until which data were asked for; "" = not asked or settled
    year        INTEGER NOT NULL,              -- year of receipt: whose register lists it if it gets no row
    decided_rev INTEGER NOT NULL               -- revision at which it was last decided; 0 = not yet
) STRICT;
CREATE UNIQUE INDEX letter_identity ON letter (message_id, fingerprint);
CREATE INDEX letter_pending ON letter (id) WHERE outcome = 'pending';
CREATE INDEX letter_entrusted ON letter (id) WHERE outcome = 'entrusted';
CREATE INDEX letter_approval ON letter (year) WHERE approval <> '';
CREATE INDEX letter_asked ON letter (reply_by) WHERE reply_by <> '';
CREATE INDEX letter_text ON letter (text_digest) WHERE text_digest <> '';
CREATE INDEX letter_appeal ON letter (appeal_id) WHERE appeal_id IS NOT NULL;
CREATE INDEX letter_aside ON letter (year, decided_rev) WHERE reason <> '';

-- Each message seen in each mailbox, whatever became of it.
CREATE TABLE message (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    mailbox   TEXT NOT NULL,
    folder    TEXT NOT NULL,                   -- folder of the mailbox; "" where it has none (a Maildir)
    validity  INTEGER NOT NULL,                -- UIDVALIDITY; 0 where the mailbox has none
    uid       TEXT NOT NULL,
    raw       TEXT NOT NULL,
    size      INTEGER NOT NULL,
    seen_at   TEXT NOT NULL,
    outcome   TEXT NOT NULL CHECK (outcome IN ('letter', 'copy', 'before_start', 'quarantined')),
    letter_id INTEGER REFERENCES letter (id),
    reason    TEXT NOT NULL,
    revision  INTEGER NOT NULL,                -- revision at which it became visible to the operators; 0 = never
    UNIQUE (mailbox, folder, validity, uid)
) STRICT;
CREATE INDEX message_quarantined ON message (revision) WHERE outcome = 'quarantined';

-- Messages whose reading has begun and has not ended: if the process dies of one of them, the next start knows which.
CREATE TABLE in_hand (
    mailbox  TEXT NOT NULL,
    folder   TEXT NOT NULL,
    validity INTEGER NOT NULL,
    uid      TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    withheld INTEGER NOT NULL DEFAULT 0,       -- how often the mail server would not give it
    PRIMARY KEY (mailbox, folder, validity, uid)
) STRICT;

-- How far a folder on a mail server was taken in: everything below next_uid is known or gone.
CREATE TABLE folder (
    mailbox  TEXT NOT NULL,
    folder   TEXT NOT NULL,
    validity INTEGER NOT NULL,
    next_uid INTEGER NOT NULL,
    PRIMARY KEY (mailbox, folder)
) STRICT, WITHOUT ROWID;

-- Bytes of letters fetched, by day: mail services ration them.
CREATE TABLE traffic (
    mailbox TEXT NOT NULL,
    day     TEXT NOT NULL,
    bytes   INTEGER NOT NULL,
    PRIMARY KEY (mailbox, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE appeal (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    year       INTEGER NOT NULL,
    seq        INTEGER NOT NULL,
    number     TEXT NOT NULL UNIQUE,
    created_at TEXT NOT NULL,
    status     TEXT NOT NULL,                  -- the state in force; the cell may hold a word that waits for something
    department TEXT NOT NULL,                  -- code of the department that has it; "" = none
    attend_at  TEXT NOT NULL,                  -- when the desk looks at it next: "" = at once, "9" = never by itself
    UNIQUE (year, seq)
) STRICT;
CREATE INDEX appeal_attend ON appeal (attend_at);

-- Numbers issued per year; only ever grows.
CREATE TABLE counter (
    year INTEGER NOT NULL PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT;

-- Rows of the register by range of revisions: what any replica showed at any revision is known exactly.
CREATE TABLE row_version (
    appeal_id INTEGER NOT NULL REFERENCES appeal (id),
    from_rev  INTEGER NOT NULL,
    to_rev    INTEGER,                         -- NULL: current
    cells     TEXT NOT NULL,
    PRIMARY KEY (appeal_id, from_rev)
) STRICT;                                       -- with rowids: rows of two kilobytes make a slow index
CREATE INDEX row_since ON row_version (from_rev);

-- What happened to an appeal besides its cells: what deadlines, counts and "once only" are computed from. Append-only
-- but for `open`: the desk closes an event when it has done what follows from it.
CREATE TABLE event (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    appeal_id INTEGER NOT NULL REFERENCES appeal (id),
    at        TEXT NOT NULL,
    kind      TEXT NOT NULL,
    detail    TEXT NOT NULL,
    actor     TEXT NOT NULL,
    open      INTEGER NOT NULL CHECK (open IN (0, 1))
) STRICT;
CREATE INDEX event_appeal ON event (appeal_id);
CREATE INDEX event_department ON event (detail) WHERE kind IN ('routed', 'co_executor');

CREATE INDEX event_to_call ON event (appeal_id) WHERE kind = 'call_owed' AND open = 1;

-- What operators entered in the sheet "Зателефонувати". A file that could not be written shows an entry again.
CREATE TABLE called (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    appeal_id INTEGER NOT NULL REFERENCES appeal (id),
    how       TEXT NOT NULL,                   -- "" = only a note
    day       TEXT NOT NULL,                   -- as entered; "" = the day of the entry
    note      TEXT NOT NULL,
    revision  INTEGER NOT NULL
) STRICT;
CREATE INDEX called_appeal ON called (appeal_id);

-- Appeals that a department is to be told of. One letter with a workbook carries all that wait for one department.
CREATE TABLE notice (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    appeal_id  INTEGER NOT NULL REFERENCES appeal (id),
    department TEXT NOT NULL,                  -- code
    cause      TEXT NOT NULL,                  -- why, once each: "routed 17", "rework 18" (ids of events)
    urgent     INTEGER NOT NULL CHECK (urgent IN (0, 1)), -- not to wait for others
    queued_at  TEXT NOT NULL,
    sent_at    TEXT NOT NULL,                  -- when the letter was promised; "" = not yet
    UNIQUE (appeal_id, department, cause)
) STRICT;
CREATE INDEX notice_waiting ON notice (department, id) WHERE sent_at = '';

-- Workbooks mailed to departments: which appeals each copy shows, as they were at which revision.
CREATE TABLE mailed (
    replica    TEXT NOT NULL,                  -- identity in the stamp
    appeal_id  INTEGER NOT NULL REFERENCES appeal (id),
    department TEXT NOT NULL,
    revision   INTEGER NOT NULL,
    PRIMARY KEY (replica, appeal_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX mailed_appeal ON mailed (appeal_id, department);

-- Typical answers as the sheet of the current year has them; what went from it stays, unlisted.
CREATE TABLE typical (
    number      INTEGER NOT NULL PRIMARY KEY,
    topic       TEXT NOT NULL,
    keywords    TEXT NOT NULL,
    question    TEXT NOT NULL,
    answer      TEXT NOT NULL,
    basis       TEXT NOT NULL,
    department  TEXT NOT NULL,
    approved    TEXT NOT NULL,                 -- day; "" = not approved
    valid_to    TEXT NOT NULL,                 -- day; "" = no end
    end_unclear INTEGER NOT NULL,              -- the sheet has something there that is no day
    listed      INTEGER NOT NULL
) STRICT;
-- The beginnings of the words by which they are found; rowid = number.
CREATE VIRTUAL TABLE typical_words USING fts5(words);
CREATE INDEX event_typical ON event (detail, appeal_id) WHERE kind = 'typical_used';

-- Addresses from which an applicant has written about an appeal: a quoted number counts only together with one of them.
CREATE TABLE known_address (
    appeal_id INTEGER NOT NULL REFERENCES appeal (id),
    address   TEXT NOT NULL,
    PRIMARY KEY (appeal_id, address)
) STRICT, WITHOUT ROWID;

CREATE INDEX known_by_address ON known_address (address);

-- Names and phones by which the appeals of one person are found: "n петренко іван", "p 380661234567".
CREATE TABLE person (
    key       TEXT NOT NULL,
    appeal_id INTEGER NOT NULL REFERENCES appeal (id),
    PRIMARY KEY (key, appeal_id)
) STRICT, WITHOUT ROWID;

-- Who, when, which field, old, new, cause. Append-only.
CREATE TABLE journal (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    at        TEXT NOT NULL,
    revision  INTEGER NOT NULL,
    actor     TEXT NOT NULL,
    cause     TEXT NOT NULL,
    appeal_id INTEGER REFERENCES appeal (id),
    field     TEXT NOT NULL,                   -- "" = the whole appeal
    old       TEXT NOT NULL,
    new       TEXT NOT NULL
) STRICT;
CREATE INDEX journal_appeal ON journal (appeal_id) WHERE appeal_id IS NOT NULL;
CREATE TRIGGER journal_is_append_only_update BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_is_append_only_delete BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

-- Letters promised: final bytes and Message-ID are fixed before anything is sent.
CREATE TABLE outbox (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT NOT NULL,
    appeal_id  INTEGER REFERENCES appeal (id),
    letter_id  INTEGER REFERENCES letter (id), -- the letter that it answers
    recipient  TEXT NOT NULL,
    cause      TEXT NOT NULL,                  -- the event; at most one letter per event and recipient
    message_id TEXT NOT NULL UNIQUE,
    priority   INTEGER NOT NULL,
    body       BLOB NOT NULL,
    queued_at  TEXT NOT NULL,
    stage      TEXT NOT NULL CHECK (stage IN ('queued', 'connecting', 'data', 'uncertain', 'sent', 'failed', 'cancelled', 'bounced')),
    attempts   INTEGER NOT NULL,
    not_before TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    report     TEXT NOT NULL,                  -- last reply code and what it means, no personal data
    sent_at    TEXT NOT NULL DEFAULT '',       -- when it was accepted; "" = never. Counts against the day's allowance
    unclear    INTEGER NOT NULL DEFAULT 0,     -- how often it went out and no answer came
    looks      INTEGER NOT NULL DEFAULT 0,     -- how often it was looked for in vain since it was last unclear
    told       INTEGER NOT NULL DEFAULT 0,     -- people know that it did not arrive
    UNIQUE (kind, recipient, cause)
) STRICT;
CREATE INDEX outbox_queued ON outbox (priority, id, not_before) WHERE stage = 'queued';
CREATE INDEX outbox_unclear ON outbox (not_before) WHERE stage = 'uncertain';
CREATE INDEX outbox_undelivered ON outbox (id) WHERE stage IN ('failed', 'bounced') AND told = 0;
CREATE INDEX outbox_begun ON outbox (id) WHERE stage IN ('connecting', 'data');
CREATE INDEX outbox_recent ON outbox (sent_at) WHERE sent_at <> '';
CREATE INDEX outbox_recipient ON outbox (recipient, queued_at);

-- The ways to the outside: each mailbox, and the way out. How each is, so that a dead one is reported, and its recovery.
CREATE TABLE channel (
    name        TEXT NOT NULL PRIMARY KEY,     -- "mailbox 1", "post"
    works_at    TEXT NOT NULL,                 -- when it last worked; "" = never yet
    since       TEXT NOT NULL,                 -- since when it does not work; "" = it works
    what        TEXT NOT NULL,                 -- what is wrong and the remedy, for logs and status
    text        TEXT NOT NULL,                 -- the same, Ukrainian: what happened
    remedy      TEXT NOT NULL,                 -- … and what to do
    urgent      INTEGER NOT NULL,              -- it will not pass by itself
    told        TEXT NOT NULL,                 -- since when the failure lasted that people know of; "" = they know of none
    rests_until TEXT NOT NULL                  -- nothing is tried before (a quota is used up); "" = no rest
) STRICT;

-- Workbooks that people edit.
CREATE TABLE replica (
    id          TEXT NOT NULL PRIMARY KEY,
    kind        TEXT NOT NULL,
    path        TEXT NOT NULL,
    year        INTEGER NOT NULL,
    written_rev INTEGER NOT NULL,              -- revision that our last write showed
    digest      TEXT NOT NULL,                 -- SHA-256 of the file as last written or agreed by us
    stat        TEXT NOT NULL,                 -- dev, inode, size, mtime of the same
    intended    TEXT NOT NULL,                 -- SHA-256 of what is about to be written; "" = nothing
    intended_rev INTEGER NOT NULL,             -- revision that it shows
    held_by     TEXT NOT NULL,                 -- who has it open
    held_since  TEXT NOT NULL,                 -- since when somebody has it open; "" = nobody has
    editor      TEXT NOT NULL,                 -- who had it open last since it and the ledger agreed
    waiting     TEXT NOT NULL,                 -- why pending changes wait; "" = they do not
    waiting_since TEXT NOT NULL,
    notices     INTEGER NOT NULL,              -- how many notices were sent about this wait
    companion   TEXT NOT NULL,                 -- SHA-256 of the workbook beside it that shows what waits; "" = none
    waiting_code TEXT NOT NULL                 -- the kind of the wait
) STRICT;

-- Jobs of the schedule. An occurrence is what the wall clock of Kyiv shows, not the time at which it was carried out.
CREATE TABLE job (
    name       TEXT NOT NULL PRIMARY KEY,
    last_run   TEXT NOT NULL,                  -- the last occurrence that was carried out or given up
    begun      TEXT NOT NULL,                  -- the occurrence that was begun and has not ended; "" = none
    attempts   INTEGER NOT NULL,               -- how often that was begun
    not_before TEXT NOT NULL,                  -- it failed and rests until then; "" = it does not
    report     TEXT NOT NULL                   -- how it ended last, no personal data
) STRICT;

-- Cells that two sides changed differently: what the person typed stands, what the ledger had is kept here.
CREATE TABLE conflict (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    appeal_id  INTEGER NOT NULL REFERENCES appeal (id),
    field      TEXT NOT NULL,
    workbook   TEXT NOT NULL,                  -- encoded values
    ledger     TEXT NOT NULL,
    actor      TEXT NOT NULL,
    at         TEXT NOT NULL,
    revision   INTEGER NOT NULL,
    decision   TEXT NOT NULL CHECK (decision IN ('', 'register', 'ledger')), -- "" = open
    overtaken  INTEGER NOT NULL,               -- the decision was not carried out, the cell was changed once more
    decided_at TEXT NOT NULL,
    decided_rev INTEGER NOT NULL
) STRICT;
CREATE INDEX conflict_appeal ON conflict (appeal_id);

-- What rows of a workbook that are no appeal (being typed, copied, with a foreign number) said when it was last read: when
-- they are gone, the journal has it.
CREATE TABLE unnumbered (
    replica TEXT NOT NULL,
    place   INTEGER NOT NULL,                  -- order in the sheet
    cells   TEXT NOT NULL,
    PRIMARY KEY (replica, place)
) STRICT, WITHOUT ROWID;

-- Appeals made of a row typed into a workbook whose number was not yet seen there.
CREATE TABLE adopted (
    appeal_id INTEGER NOT NULL PRIMARY KEY REFERENCES appeal (id)
) STRICT;
