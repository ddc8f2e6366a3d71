//! How much speaks for a mention being the applicant: the words around it, its place, the sender's name.

use crate::reading::given::{GEN, NOM};
use crate::reading::kinship::relation;
use crate::reading::name::{is_given, is_initial};
use crate::reading::person::same_part;
use crate::reading::person_cues::{APPLICANT, CONTACT, DOCUMENTS, OFFICIALS};
use crate::reading::person_find::{Extent, Mention};
use crate::reading::person_shown::Shown;
use crate::reading::words::{Sort, Token};

/// How many words before a name are looked at.
const WORDS_BEFORE: usize = 6;

/// How much speaks for this mention being the applicant.
pub(super) fn weight(mention: &Mention, tokens: &[Token<'_>], shown: &Shown) -> f32 {
    let around = Around::of(mention, tokens);
    let mut weight: f32 = match mention.extent {
        Extent::Full => 2.0,
        Extent::NoSurname => 0.6,
        Extent::Pair => 1.0,
        Extent::Initials => 0.4,
        Extent::Given => -0.8,
    };
    weight += around.weight(mention);
    let full = &mention.who.full;
    if let (Some(own), Some(theirs)) = (&full.surname, &shown.full.surname)
        && same_part(own, theirs, true)
    {
        weight += 2.5;
    }
    match (&full.name, &shown.full.name) {
        (Some(own), Some(theirs)) if same_part(own, theirs, false) => weight += 2.0,
        (Some(own), Some(theirs)) if full.surname.is_some() && !is_initial(own) && !shown.short && is_given(theirs) => {
            weight -= 1.0;
        }
        _ => {}
    }
    weight
}

/// The words around a mention.
struct Around<'a> {
    /// Folded words before it in the same sentence, nearest first.
    before: Vec<&'a str>,
    after: Option<&'a Token<'a>>,
    after_next: Option<&'a Token<'a>>,
    line_start: bool,
    line_end: bool,
    in_brackets: bool,
    /// Line breaks before it in the text.
    line: usize,
    last_third: bool,
}

impl<'a> Around<'a> {
    fn of(mention: &Mention, tokens: &'a [Token<'a>]) -> Self {
        let mut before = Vec::new();
        let mut at = mention.first;
        let mut in_brackets = false;
        while let Some(previous) = at.checked_sub(1) {
            at = previous;
            let Some(token) = tokens.get(at) else { break };
            match token.sort {
                Sort::Word => before.push(token.fold.as_ref()),
                Sort::Break if token.lines() > 1 || before.is_empty() && token.lines() == 1 && !hangs(tokens, at) => {
                    break;
                }
                Sort::Mark if matches!(token.text, "!" | "?" | ";") => break,
                Sort::Mark if token.text == "." && !abbreviation(tokens, at) => break,
                Sort::Mark if token.text == "(" => in_brackets = before.is_empty() || in_brackets,
                Sort::Break | Sort::Mark | Sort::Number => {}
            }
            if before.len() >= WORDS_BEFORE {
                break;
            }
        }
        let previous = mention.first.checked_sub(1).and_then(|at| tokens.get(at));
        let after = tokens.get(mention.last + 1);
        Self {
            before,
            after,
            after_next: tokens.get(mention.last + 2),
            line_start: previous.is_none_or(|token| token.sort == Sort::Break),
            line_end: after.is_none_or(|token| token.sort == Sort::Break),
            in_brackets,
            line: tokens.iter().take(mention.first).map(Token::lines).sum(),
            last_third: mention.first * 3 >= tokens.len() * 2,
        }
    }

    fn near(&self, count: usize) -> impl Iterator<Item = &str> {
        self.before.iter().take(count).copied()
    }

    fn weight(&self, mention: &Mention) -> f32 {
        let nominative_form = mention.who.cases & NOM != 0;
        let mut weight = 0.0_f32;
        let cue = self.near(1).any(|word| APPLICANT.contains(word)) || self.near(2).any(|word| word == "я");
        // "Мене, Савицького Аркадія Львовича, звільнено".
        let object = !nominative_form
            && self.near(1).any(|word| matches!(word, "мене" | "мені" | "мною" | "меня" | "мне" | "мной"));
        let cue = cue || object;
        let for_whom =
            self.near(6).any(|word| word == "особі") || self.near(4).any(|word| word == "від" || word == "от");
        if cue || (for_whom && !nominative_form) {
            weight += 3.0;
        }
        let related = self.near(3).any(|word| relation(word).is_some());
        if related && !cue && !for_whom {
            weight -= 4.0;
        }
        let official = self.near(2).any(|word| OFFICIALS.iter().any(|prefix| word.starts_with(prefix)));
        if official && !for_whom && !self.near(2).any(|word| word == "я" || word == "заявник") {
            weight -= if nominative_form { 2.0 } else { 4.0 };
        }
        if self.near(3).any(|word| DOCUMENTS.contains(&word)) {
            weight -= 5.0;
        }
        if !nominative_form {
            let head = self.line_start && self.line <= 8 && mention.who.cases & GEN != 0;
            weight += if head {
                3.0
            } else if cue || for_whom {
                0.0
            } else {
                -2.0
            };
        }
        if self.line_start && self.line_end && nominative_form {
            weight += 2.0;
        } else if self.line_start && nominative_form {
            weight += 1.0;
        } else if self.line_end && nominative_form && self.last_third {
            weight += 0.8;
        }
        if self.in_brackets && !cue {
            weight -= 1.5;
        }
        weight + self.weight_after(mention, nominative_form)
    }

    fn weight_after(&self, mention: &Mention, nominative_form: bool) -> f32 {
        let mut weight = 0.0_f32;
        let is_contact = |token: &Token<'_>| match token.sort {
            Sort::Number => true,
            Sort::Word => CONTACT.iter().any(|word| token.fold.starts_with(word)),
            Sort::Mark => token.text == "+",
            Sort::Break => false,
        };
        if let Some(after) = self.after {
            if after.sort == Sort::Word && after.fold == "я" {
                weight += 3.0;
            }
            let mark = after.sort == Sort::Mark || after.sort == Sort::Break;
            let contact = is_contact(after) || (mark && self.after_next.is_some_and(is_contact));
            if contact && nominative_form {
                weight += 1.2;
            }
        }
        if self.last_third && nominative_form && mention.extent != Extent::Given {
            weight += 0.4;
        }
        weight
    }
}

/// Whether the line before a break ends in the middle of a phrase ("від", ",").
fn hangs(tokens: &[Token<'_>], at: usize) -> bool {
    at.checked_sub(1).and_then(|before| tokens.get(before)).is_some_and(|token| {
        matches!(
            token.fold.as_ref(),
            "від"
                | "от"
                | ","
                | ":"
                | "я"
                | "звати"
                | "заявник"
                | "заявниця"
                | "повагою"
                | "піб"
                | "заявника"
                | "уважением"
                | "гр"
        )
    })
}

/// Whether the full stop at `at` ends an abbreviation ("гр.", "п.", "тел."), not a sentence.
fn abbreviation(tokens: &[Token<'_>], at: usize) -> bool {
    at.checked_sub(1)
        .and_then(|before| tokens.get(before))
        .is_some_and(|token| token.sort == Sort::Word && token.text.chars().count() <= 3 && !token.capital)
}
