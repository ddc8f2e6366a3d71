//! The author's own words: without quoted history, without clients' lines, from the letter, a forward or an attachment.
//!
//! A forwarded letter is read as if its inner author had written to us; words of the person who forwarded it are kept
//! apart as the cover. Where the letter only points to an attachment, the attachment's text is the letter. Signatures,
//! heads and address blocks stay in: names, phones and addresses stand there; `essence` leaves them out.

use crate::domain::letter::{Attachment, Correspondent, Letter};
use crate::domain::office::Office;
use crate::reading::body_terms;
use crate::reading::folded::{Folded, Words};
use crate::reading::form::{Form, read_form};
use crate::reading::noise::without_noise;
use crate::reading::pattern::Pattern;
use crate::reading::quote::{Inner, cut};
use crate::reading::terms::Terms;
use crate::reading::words::flow;
use std::sync::LazyLock;

/// How deep forwards in forwards are followed.
const MAX_DEPTH: usize = 6;

/// Most words of a letter that only points to its attachment.
const MAX_POINTER_WORDS: usize = 40;

/// Most words of a cover above a forwarded letter; longer words are an appeal of their own.
const MAX_COVER_WORDS: usize = 45;

/// Smallest picture that can be a photographed page, in bytes; smaller ones are logos of signatures.
const MIN_PAGE_BYTES: u64 = 4_000;

static FORWARD_SUBJECT: Pattern =
    Pattern::new(r"(?i)^\s*((re|на|отв|відп)\s*:\s*)*(fwd?|переслано|переслан\w*|пересилання|пер|tr|wg|вн)\s*:");
static SUBJECT_PREFIX: Pattern = Pattern::new(
    r"(?i)^\s*((re|fwd?|aw|wg|tr|отв|ответ|відп|відповідь|на|переслано|переслан\w*|пересилання|пер|вн|ha)\s*(\[\d+\])?\s*:\s*)+",
);

static POINTERS: LazyLock<Terms<()>> = LazyLock::new(|| Terms::of(body_terms::POINTERS));

static RESIDENCE: LazyLock<Terms<()>> = LazyLock::new(|| Terms::of(body_terms::RESIDENCE));

static COVER: LazyLock<Terms<()>> = LazyLock::new(|| Terms::of(body_terms::COVER));

/// What the author wrote.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Body {
    /// The author's own words, lines joined that a program broke; head, address block and signature included.
    pub own: String,
    /// Where the matter stands: `own` or the part of it that came from an attachment or a form's message.
    pub matter: String,
    /// Who wrote them.
    pub author: Correspondent,
    /// Subject of the letter they stand in, without Re: and Fwd:.
    pub subject: String,
    /// Words of a person who forwarded the letter.
    pub cover: String,
    /// Quoted history.
    pub quoted: String,
    /// Author of the first quoted letter, where its header tells.
    pub quoted_author: Correspondent,
    /// The author's letter was forwarded by somebody else.
    pub forwarded: bool,
    /// A web form wrote the letter.
    pub form: bool,
    /// Files of the letter that the author's words stand in.
    pub attachments: usize,
    /// The words stand only in pictures.
    pub needs_ocr: bool,
}

/// Finds the author's own words.
pub fn read_body(letter: &Letter, office: &Office) -> Body {
    open(letter, office, 0)
}

/// The subject without Re: and Fwd:.
pub fn bare_subject(subject: &str) -> &str {
    let start = SUBJECT_PREFIX.find(subject).map_or(0, |found| found.end());
    subject.get(start..).unwrap_or(subject).trim()
}

fn open(letter: &Letter, office: &Office, depth: usize) -> Body {
    let text = if letter.text.trim().is_empty() { &letter.html_text } else { &letter.text };
    let author = Correspondent { name: letter.from.name.clone(), address: letter.from.address.clone() };
    let mut body = Body { author, subject: bare_subject(&letter.subject).to_owned(), ..Body::default() };
    let subject_forwards = FORWARD_SUBJECT.is_match(&letter.subject);
    unfold(text, subject_forwards, office, &mut body, depth);
    if let Some(enclosed) = letter.enclosed.first()
        && depth < MAX_DEPTH
        && !office.is_own(&enclosed.from.address)
        && is_cover(&body.own)
    {
        let cover = join(&body.cover, &body.own);
        let inner = open(enclosed, office, depth + 1);
        return Body { cover: join(&cover, &inner.cover), forwarded: true, ..inner };
    }
    if let Some(form) = read_form(&body.own) {
        apply_form(&mut body, form);
    } else {
        body.matter.clone_from(&body.own);
        attach(&mut body, &letter.attachments);
    }
    body
}

/// Cuts a text and goes into the letters inside of it as long as the words above are only a cover.
fn unfold(text: &str, subject_forwards: bool, office: &Office, body: &mut Body, depth: usize) {
    let cut = cut(text);
    let own = flow(&without_noise(&cut.own));
    let Some(inner) = cut.inner else {
        body.own = own;
        return;
    };
    let ours = office.is_own(&inner.author.address);
    let forward = !ours && (inner.forwarded || subject_forwards);
    if forward && depth < MAX_DEPTH && !inner.text.trim().is_empty() && is_cover(&own) {
        enter(inner, own, office, body, depth);
    } else {
        body.own = own;
        body.quoted = inner.text;
        body.quoted_author = inner.author;
    }
}

fn enter(inner: Inner, cover: String, office: &Office, body: &mut Body, depth: usize) {
    let same = inner.author.address == body.author.address;
    if !inner.author.address.is_empty() || !inner.author.name.is_empty() {
        body.author = inner.author;
    }
    if !inner.subject.is_empty() {
        bare_subject(&inner.subject).clone_into(&mut body.subject);
    }
    body.cover = join(&body.cover, &cover);
    body.forwarded = body.forwarded || !same;
    unfold(&inner.text, FORWARD_SUBJECT.is_match(&inner.subject), office, body, depth + 1);
    if same {
        // Who forwards his own letter goes on speaking above it.
        body.own = join(&body.own, &cover);
    }
}

/// Whether words above a forwarded letter only hand it over.
fn is_cover(own: &str) -> bool {
    let folded = Folded::new(own);
    // Who says where he is registered writes for himself, whatever he forwards.
    if RESIDENCE.any(&folded) {
        return false;
    }
    let words = folded.words();
    words.len() <= MAX_COVER_WORDS / 3 || (words.len() <= MAX_COVER_WORDS && COVER.any(words))
}

fn join(above: &str, below: &str) -> String {
    match (above.trim().is_empty(), below.trim().is_empty()) {
        (true, _) => below.to_owned(),
        (_, true) => above.to_owned(),
        (false, false) => format!("{above}\n\n{below}"),
    }
}

fn apply_form(body: &mut Body, form: Form) {
    body.form = true;
    body.author = Correspondent { name: form.name, address: form.email.trim().to_lowercase() };
    if !form.subject.is_empty() {
        body.subject = form.subject;
    }
    body.matter = form.message.trim().to_owned();
}

/// Takes the attachments' text for the letter where the letter has no words of its own or only points to them.
fn attach(body: &mut Body, attachments: &[Attachment]) {
    if attachments.is_empty() {
        return;
    }
    let folded = Folded::new(&body.own);
    let words = folded.words();
    let blank = words.is_empty();
    let pointer = blank || (words.len() <= MAX_POINTER_WORDS && POINTERS.any(words)) || words.len() <= 4;
    if !pointer {
        return;
    }
    let texts: Vec<String> = attachments
        .iter()
        .filter_map(|attachment| attachment.text.as_deref())
        .map(|text| flow(&without_noise(text)))
        .filter(|text| !Folded::new(text).words().is_empty())
        .collect();
    body.attachments = texts.len();
    if !texts.is_empty() {
        let matter = texts.join("\n\n");
        // A letter that says something itself keeps its words beside those of the file.
        let speaks = !blank && words.len() > MAX_POINTER_WORDS / 2;
        body.matter = if speaks { join(&body.own, &matter) } else { matter.clone() };
        body.own = join(&matter, &body.own);
        return;
    }
    let page = attachments.iter().any(is_page);
    body.needs_ocr = page && (blank || says_little(words));
}

/// Whether the words of a letter with a picture tell no matter: greeting, "у вкладенні", a name.
fn says_little(words: Words<'_>) -> bool {
    words.len() <= MAX_POINTER_WORDS / 2 && !REQUEST.any(words)
}

static REQUEST: LazyLock<Terms<()>> = LazyLock::new(|| Terms::of(body_terms::REQUEST));

fn is_page(attachment: &Attachment) -> bool {
    let picture = attachment.mime.starts_with("image/") && attachment.size >= MIN_PAGE_BYTES;
    let paper = attachment.mime == "application/pdf"
        || attachment.mime.contains("word")
        || attachment.mime == "application/octet-stream" && attachment.size >= MIN_PAGE_BYTES;
    (picture || paper) && attachment.text.as_deref().is_none_or(|text| text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_compile() {
        FORWARD_SUBJECT.assert_compiles();
        SUBJECT_PREFIX.assert_compiles();
    }

    fn office() -> Office {
        Office { mailboxes: vec!["9a010722@gmail.com".into()], ..Office::default() }
    }

    fn letter(subject: &str, text: &str) -> Letter {
        Letter {
            from: Correspondent { name: "Оля".into(), address: "olia@gmail.com".into() },
            subject: subject.into(),
            text: text.into(),
            ..Letter::default()
        }
    }

    #[test]
    fn a_forward_speaks_with_the_voice_of_its_inner_author() {
        let text =
            "За належністю.\n\nВід: Данило <d@i.ua>\nНадіслано: 13 квітня 2023\nКому: o@o.ua\nТема: Лист\n\nБрат зник.";
        let body = read_body(&letter("FW: Лист", text), &office());
        assert_eq!((body.own.as_str(), body.author.address.as_str()), ("Брат зник.", "d@i.ua"));
        assert!(body.forwarded);
        assert_eq!(body.cover, "За належністю.");
        let twice =
            format!("Для розгляду\n-------- Forwarded message --------\nFrom: a@b.ua\nSubject: FW: Лист\n\n{text}");
        assert_eq!(read_body(&letter("Fwd: Лист", &twice), &office()).author.address, "d@i.ua");
    }

    #[test]
    fn an_answer_to_us_keeps_its_own_author() {
        let text =
            "Прописка: Гагаріна, 5.\n\nFrom: Центр <9a010722@gmail.com>\nSent: 1\nTo: x\nSubject: S\n\nНам бракує";
        let body = read_body(&letter("FW: S", text), &office());
        assert_eq!((body.own.as_str(), body.author.address.as_str()), ("Прописка: Гагаріна, 5.", "olia@gmail.com"));
        assert_eq!(body.quoted_author.address, "9a010722@gmail.com");
    }

    #[test]
    fn an_attached_letter_is_read_as_the_letter() {
        let mut outer = letter("Fwd: дах", "Пересилаю лист сусідки");
        outer.enclosed.push(Letter {
            from: Correspondent { name: "Ніна".into(), address: "n@i.ua".into() },
            ..letter("дах", "Тече дах.")
        });
        let body = read_body(&outer, &office());
        assert_eq!((body.own.as_str(), body.author.name.as_str(), body.forwarded), ("Тече дах.", "Ніна", true));
    }

    #[test]
    fn an_attachment_is_the_letter_where_the_letter_only_points_to_it() {
        let mut outer = letter("Заява", "Добрий день, заява у файлі");
        outer.attachments.push(Attachment {
            text: Some("Прошу надати допомогу.".into()), ..Attachment::default()
        });
        let body = read_body(&outer, &office());
        assert_eq!((body.matter.as_str(), body.needs_ocr), ("Прошу надати допомогу.", false));
        let scan = Attachment { mime: "application/pdf".into(), size: 90_000, ..Attachment::default() };
        outer.attachments = vec![scan.clone()];
        assert!(read_body(&outer, &office()).needs_ocr);
        outer.text = "Коли видадуть довідку ВПО? Копію паспорта додаю.".into();
        assert!(!read_body(&outer, &office()).needs_ocr, "the words say what it is about");
    }

    #[test]
    fn subjects_lose_their_prefixes() {
        for (subject, bare) in [("Re: Fwd: Тема", "Тема"), ("RE[2]: Тема", "Тема"), ("Реєстр: дані", "Реєстр: дані")]
        {
            assert_eq!(bare_subject(subject), bare);
        }
    }
}
