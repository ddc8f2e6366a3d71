//! Mentions: every person that a text names, with the words around; who of them applies is for `person` to decide.
//!
//! A patronymic after a given name is the surest sign; then a surname beside a known given name, then initials; a given
//! name alone counts only where a cue, or a line of its own, makes it a signature. Streets named after people are no
//! persons. Names in small letters are found by the patronymic only.

use crate::reading::fold::is_all_capital;
use crate::reading::given::{NOM, forms_of};
use crate::reading::name::{Assembled, Parts, assemble, is_given, is_initial, is_turkic_link};
use crate::reading::no_names::{NO_NAMES, STREETS};
use crate::reading::patronymic::patronymic;
use crate::reading::surname::looks_like;
use crate::reading::words::{Sort, Token};

/// Most mentions that are kept of one text.
const MAX_MENTIONS: usize = 60;

/// How much of a name is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Surname, given name, patronymic.
    Full,
    /// Given name and patronymic.
    NoSurname,
    /// Surname and given name.
    Pair,
    /// Surname and initials.
    Initials,
    /// A given name alone.
    Given,
}

/// A person named in the text.
#[derive(Debug, Clone)]
pub struct Mention {
    /// The name in the nominative and what is known of it.
    pub who: Assembled,
    /// How much of the name is there.
    pub extent: Extent,
    /// Index of its first token.
    pub first: usize,
    /// Index of its last token.
    pub last: usize,
}

/// All persons named in the text, in order.
pub fn mentions(tokens: &[Token<'_>]) -> Vec<Mention> {
    let look = Look { tokens };
    let mut out: Vec<Mention> = Vec::new();
    let mut free = 0_usize;
    for index in 0..tokens.len() {
        if index < free || out.len() >= MAX_MENTIONS {
            continue;
        }
        if look.word(index).is_none() {
            continue;
        }
        let found = look
            .with_patronymic(index, free)
            .or_else(|| look.with_initials(index))
            .or_else(|| look.pair(index))
            .or_else(|| look.announced(index))
            .or_else(|| look.given_alone(index));
        if let Some(mention) = found {
            if mention.extent != Extent::Given {
                free = mention.last + 1;
            }
            // A patronymic found later takes the words of a pair found before it.
            out.retain(|other| other.last < mention.first);
            out.push(mention);
        }
    }
    out
}

struct Look<'a> {
    tokens: &'a [Token<'a>],
}

impl<'a> Look<'a> {
    fn token(&self, index: usize) -> Option<&'a Token<'a>> {
        self.tokens.get(index)
    }

    fn word(&self, index: usize) -> Option<&'a Token<'a>> {
        self.token(index).filter(|token| token.sort == Sort::Word)
    }

    /// A capitalised word that may be a part of a name.
    fn name_word(&self, index: usize) -> Option<&'a Token<'a>> {
        self.word(index).filter(|word| word.capital && may_be_name(word))
    }

    fn is_mark(&self, index: usize, mark: char) -> bool {
        self.token(index).is_some_and(|token| token.is_mark(mark))
    }

    fn one_break(&self, index: usize) -> bool {
        self.token(index).is_some_and(|token| token.lines() == 1)
    }

    /// A given name here, and its patronymic next (or after the surname, or in brackets).
    fn with_patronymic(&self, index: usize, free: usize) -> Option<Mention> {
        let name = self.word(index)?;
        if !may_be_name(name) {
            return None;
        }
        if let Some(mention) = self.turkic(index, free) {
            return Some(mention);
        }
        let next = if self.one_break(index + 1) { index + 2 } else { index + 1 };
        if let Some(father) = self.word(next)
            && father.capital == name.capital
        {
            // An unknown given name counts only before a patronymic that is beyond doubt, or with a surname before it.
            let given = is_given(&name.fold);
            if (given || name.capital) && patronymic(&father.fold).is_some_and(|found| given || found.known) {
                return Some(self.around(index, next, free));
            }
        }
        self.patronymic_apart(index)
    }

    /// "Яна Кочубей (Ігорівна)", "Олена Коваленко Петрівна".
    fn patronymic_apart(&self, index: usize) -> Option<Mention> {
        let (name, surname) = (self.name_word(index)?, self.name_word(index + 1)?);
        let bracket = self.is_mark(index + 2, '(') && self.is_mark(index + 4, ')');
        let father = if bracket { index + 3 } else { index + 2 };
        let last = if bracket { index + 4 } else { index + 2 };
        let patronymic_word = self.word(father).filter(|word| word.capital)?;
        patronymic(&patronymic_word.fold).filter(|found| found.known || bracket)?;
        if !is_given(&name.fold) || is_given(&surname.fold) {
            return None;
        }
        let who = assemble(Parts { surname: surname.text, name: name.text, patronymic: patronymic_word.text });
        Some(Mention { who, extent: Extent::Full, first: index, last })
    }

    /// "Алієв Рустам Мамед огли".
    fn turkic(&self, index: usize, free: usize) -> Option<Mention> {
        let (name, father, link) = (self.name_word(index)?, self.name_word(index + 1)?, self.word(index + 2)?);
        if !is_turkic_link(&link.fold) {
            return None;
        }
        let joined = format!("{} {}", father.text, link.text);
        let before =
            index.checked_sub(1).filter(|at| *at >= free).and_then(|at| self.name_word(at).map(|word| (at, word)));
        let after = self.name_word(index + 3).map(|word| (index + 3, word));
        let (surname, first, last) = match (before, after) {
            (Some((at, word)), _) => (word.text, at, index + 2),
            (None, Some((at, word))) => (word.text, index, at),
            (None, None) => ("", index, index + 2),
        };
        let extent = if surname.is_empty() { Extent::NoSurname } else { Extent::Full };
        Some(Mention { who: assemble(Parts { surname, name: name.text, patronymic: &joined }), extent, first, last })
    }

    /// Given name and patronymic are known; the surname stands before or after them.
    fn around(&self, name_at: usize, father_at: usize, free: usize) -> Mention {
        let text = |at: usize| self.word(at).map_or("", |word| word.text);
        let small = !self.word(name_at).is_some_and(|name| name.capital);
        let usable = |at: usize| {
            let word = self.word(at)?;
            let fits = may_be_name(word) && word.capital != small;
            (fits && !(small && word.text.chars().count() < 3)).then_some((at, word))
        };
        let mut before = name_at.checked_sub(1).and_then(|at| {
            // A surname alone on the line above belongs to the name.
            let at = if self.one_break(at) && self.alone_above(at) { at.checked_sub(1)? } else { at };
            (at >= free).then(|| usable(at)).flatten()
        });
        // "Сидоренко (Бойко) Ганна Ігорівна": the former surname stands in brackets.
        if before.is_none()
            && let Some(open) = name_at.checked_sub(3)
            && self.is_mark(name_at - 1, ')')
            && self.is_mark(open, '(')
        {
            before = open.checked_sub(1).filter(|at| *at >= free).and_then(usable);
        }
        let after = usable(father_at + 1).filter(|(_, word)| !small || looks_like(&word.fold));
        let chosen = match (before, after) {
            (Some(before), Some(after)) => Some(better_surname(before, after)),
            (before, after) => before.or(after),
        };
        let surname = chosen.map_or("", |(_, word)| word.text);
        let first = chosen.map_or(name_at, |(at, _)| at.min(name_at));
        let last = chosen.map_or(father_at, |(at, _)| at.max(father_at));
        let extent = if surname.is_empty() { Extent::NoSurname } else { Extent::Full };
        let who = assemble(Parts { surname, name: text(name_at), patronymic: text(father_at) });
        Mention { who, extent, first, last }
    }

    /// Whether the one word before this break is a line of its own.
    fn alone_above(&self, at: usize) -> bool {
        let word = at.checked_sub(1).and_then(|word| self.name_word(word));
        let before = at.checked_sub(2).and_then(|before| self.token(before));
        word.is_some_and(|word| looks_like(&word.fold)) && before.is_none_or(|token| token.sort == Sort::Break)
    }

    /// Surname and initials in either order.
    fn with_initials(&self, index: usize) -> Option<Mention> {
        let word = self.word(index)?;
        if is_initial(word.text) && self.is_mark(index + 1, '.') {
            let second = self.word(index + 2).filter(|word| is_initial(word.text) && self.is_mark(index + 3, '.'));
            let at = if second.is_some() { index + 4 } else { index + 2 };
            let surname = self.name_word(at).filter(|_| !self.is_street(index, at))?;
            return Some(Mention {
                who: assemble(Parts {
                    surname: surname.text,
                    name: word.text,
                    patronymic: second.map_or("", |word| word.text),
                }),
                extent: Extent::Initials,
                first: index,
                last: at,
            });
        }
        let surname = self.name_word(index)?;
        let name = self.word(index + 1).filter(|word| is_initial(word.text))?;
        let dotted = self.is_mark(index + 2, '.');
        if !dotted || self.is_street(index, index + 2) {
            return None;
        }
        let second = self.word(index + 3).filter(|word| is_initial(word.text));
        let last = match second {
            Some(_) if self.is_mark(index + 4, '.') => index + 4,
            Some(_) => index + 3,
            None => index + 2,
        };
        let glued_street = self.word(last + 1).is_some_and(|word| word.text.starts_with(char::is_lowercase));
        if second.is_none() && glued_street && !looks_like(&surname.fold) {
            return None;
        }
        Some(Mention {
            who: assemble(Parts {
                surname: surname.text,
                name: name.text,
                patronymic: second.map_or("", |word| word.text),
            }),
            extent: Extent::Initials,
            first: index,
            last,
        })
    }

    /// A surname beside a given name of the dictionary.
    fn pair(&self, index: usize) -> Option<Mention> {
        let (first, second) = (self.name_word(index)?, self.name_word(index + 1)?);
        if self.is_street(index, index + 1) || self.name_follows_street_word(index) {
            return None;
        }
        // "Олена Петрівна Коваленко" is found from its patronymic.
        if self
            .word(index + 2)
            .is_some_and(|word| word.capital && patronymic(&word.fold).is_some_and(|found| found.known))
        {
            return None;
        }
        let (surname, name) = match (is_given(&first.fold), is_given(&second.fold)) {
            (true, false) => (second, first),
            (false, true) => (first, second),
            (true, true) if is_all_capital(first.text) && !is_all_capital(second.text) => (first, second),
            (true, true) => (second, first),
            (false, false) => return None,
        };
        let form = forms_of(&name.fold);
        if !form.is_empty() && form.iter().all(|form| form.cases & !crate::reading::given::VOC == 0) {
            return None;
        }
        let who = assemble(Parts { surname: surname.text, name: name.text, patronymic: "" });
        Some(Mention { who, extent: Extent::Pair, first: index, last: index + 1 })
    }

    /// "мене звати світлана гребенюк": small letters, but the words before say that a name follows.
    fn announced(&self, index: usize) -> Option<Mention> {
        let cue = index.checked_sub(1).and_then(|at| self.word(at))?;
        let (first, second) = (self.word(index)?, self.word(index + 1)?);
        if !matches!(cue.fold.as_ref(), "звати" | "зовут" | "зовуть") || first.capital || second.capital
        {
            return None;
        }
        let (surname, name) = match (is_given(&first.fold), is_given(&second.fold)) {
            (true, false) => (second, first),
            (false, true) => (first, second),
            (true, true) | (false, false) => return None,
        };
        if !looks_like(&surname.fold) || !may_be_name(surname) {
            return None;
        }
        let who = assemble(Parts { surname: surname.text, name: name.text, patronymic: "" });
        Some(Mention { who, extent: Extent::Pair, first: index, last: index + 1 })
    }

    /// A given name in the nominative alone: a signature or after a cue.
    fn given_alone(&self, index: usize) -> Option<Mention> {
        let name = self.name_word(index)?;
        let nominative = forms_of(&name.fold).iter().any(|form| form.cases & NOM != 0);
        if !nominative || self.name_follows_street_word(index) || self.is_street(index, index) {
            return None;
        }
        let who = assemble(Parts { surname: "", name: name.text, patronymic: "" });
        Some(Mention { who, extent: Extent::Given, first: index, last: index })
    }

    /// Whether the words from `first` to `last` are a street: a type before, or a house number after.
    fn is_street(&self, first: usize, last: usize) -> bool {
        self.name_follows_street_word(first) || self.house_follows(last + 1)
    }

    fn house_follows(&self, at: usize) -> bool {
        let at = if self.is_mark(at, ',') { at + 1 } else { at };
        let Some(token) = self.token(at) else { return false };
        match token.sort {
            // A phone begins with 0, a plus or a country code and is longer than a house number.
            Sort::Number => token.text.len() <= 3 && !token.text.starts_with('0'),
            Sort::Word => ["буд", "будинок", "б", "д", "дом", "кв"].contains(&token.fold.as_ref()),
            Sort::Mark | Sort::Break => false,
        }
    }

    fn name_follows_street_word(&self, index: usize) -> bool {
        let Some(mut at) = index.checked_sub(1) else { return false };
        if self.is_mark(at, '.') {
            let Some(before) = at.checked_sub(1) else { return false };
            at = before;
        }
        self.word(at).is_some_and(|word| {
            STREETS.iter().any(|street| word.fold == *street || (street.len() > 6 && word.fold.starts_with(street)))
        })
    }
}

/// Whether a word of two letters or more may be a part of a name.
fn may_be_name(word: &Token<'_>) -> bool {
    word.text.chars().nth(1).is_some() && !NO_NAMES.contains(word.fold.as_ref())
}

/// Both neighbours may be the surname: capitals win, then the ending, then the official order.
fn better_surname<'a>(before: (usize, &'a Token<'a>), after: (usize, &'a Token<'a>)) -> (usize, &'a Token<'a>) {
    if is_all_capital(after.1.text) && !is_all_capital(before.1.text) {
        return after;
    }
    if looks_like(&after.1.fold) && !looks_like(&before.1.fold) { after } else { before }
}
