//! The kind of an appeal (art. 3 of the law; a request for information apart).
//!
//! A title ("СКАРГА") decides; then an explicit proposal; then strong words of complaint; then what is asked for: to do
//! something (заява) or only to tell something (запит на довідку). Where nothing speaks, it is an application, as in
//! the records of real communities.

use crate::domain::reading::{Found, Kind};
use crate::reading::folded::{Folded, Words};
use crate::reading::kind_terms::{ASK, COMPLAINT, GRIEVANCE, POLITE, PROPOSAL, QUESTION, TELL};
use crate::reading::lookup::{Begins, WordSet};
use crate::reading::terms::{Terms, listed};
use std::sync::LazyLock;

/// In how many lines from the top a title may stand.
const MAX_TITLE_LINES: usize = 25;

/// How many words after "прошу" may stand before the verb.
const VERB_WITHIN: usize = 7;

static TELLING: LazyLock<Begins<()>> = LazyLock::new(|| Begins::stems(&listed(TELL).collect::<Vec<_>>()));
static ASKING: LazyLock<WordSet<&str>> = LazyLock::new(|| listed(ASK).collect());
static POLITE_WORDS: LazyLock<WordSet<&str>> = LazyLock::new(|| listed(POLITE).collect());

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Proposal,
    Complaint,
    Grievance,
    Question,
}

static SIGNS: LazyLock<Terms<Sign>> = LazyLock::new(|| {
    let lists = [
        (PROPOSAL, Sign::Proposal),
        (COMPLAINT, Sign::Complaint),
        (GRIEVANCE, Sign::Grievance),
        (QUESTION, Sign::Question),
    ];
    Terms::new(lists.into_iter().flat_map(|(terms, sign)| listed(terms).map(move |term| (term, sign))))
});

/// The kind of an appeal with this subject, own words (title included) and matter.
pub fn find_kind(subject: &str, own: Words<'_>, matter: Words<'_>) -> Found<Kind> {
    if let Some(title) = own.lines().take(MAX_TITLE_LINES).find_map(title) {
        return title;
    }
    let mut score = Score::default();
    for hit in SIGNS.hits(matter) {
        // "Не жалуюсь" is none.
        let denied = hit.first.checked_sub(1).and_then(|before| matter.word(before)) == Some("не");
        if denied && *hit.value == Sign::Complaint {
            continue;
        }
        let quote = || matter.quote(hit.first, hit.last).to_owned();
        match hit.value {
            Sign::Proposal => score.proposal.get_or_insert_with(quote),
            Sign::Complaint => score.complaint.get_or_insert_with(quote),
            Sign::Grievance => score.grievance.get_or_insert_with(quote),
            Sign::Question => score.question.get_or_insert_with(quote),
        };
    }
    requests(matter, &mut score);
    if let Some(mark) = matter.source().contains('?').then(|| "?".to_owned()) {
        score.question.get_or_insert(mark);
    }
    let subject_sign = subject_sign(subject);
    decide(score, subject_sign)
}

#[derive(Default)]
struct Score {
    proposal: Option<String>,
    complaint: Option<String>,
    grievance: Option<String>,
    question: Option<String>,
    action: Option<String>,
}

fn decide(score: Score, subject: Option<Sign>) -> Found<Kind> {
    let found = |value, quote, confidence| Found { value, quote, confidence };
    if let Some(quote) = score.proposal {
        return found(Kind::Proposal, quote, 0.9);
    }
    if let Some(Sign::Proposal) = subject {
        return found(Kind::Proposal, "тема листа".to_owned(), 0.8);
    }
    if let Some(Sign::Complaint) = subject {
        return found(Kind::Complaint, "тема листа".to_owned(), 0.9);
    }
    if let Some(quote) = score.complaint {
        return found(Kind::Complaint, quote, 0.8);
    }
    match (score.action, score.question, score.grievance) {
        (Some(quote), _, _) => found(Kind::Application, quote, 0.8),
        (None, Some(quote), _) => found(Kind::Inquiry, quote, 0.7),
        (None, None, Some(quote)) => found(Kind::Complaint, quote, 0.5),
        (None, None, None) => found(Kind::Application, String::new(), 0.3),
    }
}

fn subject_sign(subject: &str) -> Option<Sign> {
    let folded = Folded::new(subject);
    let first = folded.words().word(0)?;
    if first.starts_with("скарг") || first.starts_with("жалоб") {
        Some(Sign::Complaint)
    } else if first.starts_with("пропозиц") || first.starts_with("предложен") {
        Some(Sign::Proposal)
    } else {
        None
    }
}

/// A line that is nothing but the name of a kind, as in applications on paper.
fn title(line: Words<'_>) -> Option<Found<Kind>> {
    let text = line.source();
    let first = line.word(0)?;
    let after = text.get(line.span(0, 0).end..).unwrap_or_default();
    let bare = line.len() == 1 || after.starts_with(['.', ':', '!']) || (line.len() <= 8 && is_capitals(text));
    let second = line.word(1).unwrap_or_default();
    let titled =
        bare || (line.len() <= 10 && matches!(second, "про" | "щодо" | "на" | "о") && !text.trim_end().ends_with('.'));
    let kind = match first {
        "скарга" | "жалоба" => Kind::Complaint,
        "пропозиція" | "пропозиції" | "предложение" => Kind::Proposal,
        "заява" | "заявление" | "клопотання" | "ходатайство" if bare => {
            Kind::Application
        }
        _ => return None,
    };
    titled.then(|| Found { value: kind, quote: text.trim().to_owned(), confidence: 0.95 })
}

fn is_capitals(line: &str) -> bool {
    line.chars().any(char::is_uppercase) && !line.chars().any(char::is_lowercase)
}

/// What is asked for: to do or only to tell.
fn requests(folded: Words<'_>, score: &mut Score) {
    for index in 0..folded.len() {
        let Some(word) = folded.word(index) else { continue };
        if ASKING.contains(word) {
            let verb = (index + 1..=index + VERB_WITHIN).find(|next| folded.word(*next).is_some_and(is_infinitive));
            if let Some(verb) = verb {
                let words = folded.word(verb).is_some_and(tells) || asks_for_words(folded, verb);
                let slot = if words && !and_does(folded, verb) { &mut score.question } else { &mut score.action };
                slot.get_or_insert_with(|| quote(folded, index, verb));
            } else if matches!(word, "прошу" | "просимо" | "вимагаю" | "требую") && !apologises(folded, index)
            {
                score.action.get_or_insert_with(|| quote(folded, index, index + 2));
            }
        } else if !is_imperative(word) {
            continue;
        } else if tells(word) {
            score.question.get_or_insert_with(|| quote(folded, index, index + 1));
        } else if !POLITE_WORDS.contains(word) && !polite_telling(folded, index) {
            score.action.get_or_insert_with(|| quote(folded, index, index + 2));
        }
    }
}

fn tells(word: &str) -> bool {
    TELLING.fit(word)
}

/// "повідомити … та видати …": after the telling something is to be done, too.
fn and_does(folded: Words<'_>, verb: usize) -> bool {
    (verb + 1..verb + 1 + 2 * VERB_WITHIN).any(|index| {
        matches!(folded.word(index), Some("та" | "і" | "й" | "и"))
            && folded.word(index + 1).is_some_and(|word| is_infinitive(word) && !tells(word))
            && !asks_for_words(folded, index + 1)
    })
}

/// "надати роз'яснення", "дати відповідь", "надати інформацію": a verb of doing that asks only for words.
fn asks_for_words(folded: Words<'_>, verb: usize) -> bool {
    (verb + 1..=verb + 4).filter_map(|index| folded.word(index)).any(|word| {
        [
            "інформац",
            "информац",
            "розяснен",
            "разяснен",
            "відповід",
            "ответ",
            "консультац",
            "порад",
            "пояснен",
            "контакт",
        ]
        .iter()
        .any(|stem| word.starts_with(stem))
    }) && folded
        .word(verb)
        .is_some_and(|word| word.starts_with("нада") || word.starts_with("дат") || word.starts_with("пред"))
}

fn polite_telling(folded: Words<'_>, index: usize) -> bool {
    matches!(
        (folded.word(index), folded.word(index + 1)),
        (Some("дайте"), Some("відповідь" | "ответ" | "знати" | "знать"))
    )
}

fn apologises(folded: Words<'_>, index: usize) -> bool {
    matches!(folded.word(index + 1), Some("вибачення" | "пробачення" | "прощения" | "вас" | "до"))
        && folded.word(index + 2).is_none_or(|word| !word.starts_with("допом"))
}

fn is_infinitive(word: &str) -> bool {
    let long = word.chars().count() > 3;
    long && ["ти", "тися", "тись", "ть", "ться", "тись"].iter().any(|ending| word.ends_with(ending))
        && !is_imperative(word)
        || ["допомогти", "помочь", "йти"].contains(&word)
}

/// A plural imperative by its ending; neuters of participles ("розбите", "закрите") look like Russian ones.
fn is_imperative(word: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "іть",
        "айте",
        "яйте",
        "уйте",
        "юйте",
        "ійте",
        "ейте",
        "ойте",
        "авте",
        "вте",
        "ьте",
        "чте",
        "жте",
        "ірте",
        "ите",
        "іться",
        "айтесь",
    ];
    const PARTICIPLES: &[&str] = &["бите", "крите", "жите", "залите", "налите", "шите"];
    if !word.ends_with(['е', 'ь']) {
        return false;
    }
    let long = word.chars().count() > 5;
    let participle = PARTICIPLES.iter().any(|ending| word.ends_with(ending)) && !word.ends_with("пишите");
    long && !participle && ENDINGS.iter().any(|ending| word.ends_with(ending)) || word == "дайте"
}

fn quote(folded: Words<'_>, first: usize, last: usize) -> String {
    folded.quote(first, last.min(folded.len().saturating_sub(1))).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_is_what_is_asked_for() {
        use Kind::{Application, Complaint, Inquiry, Proposal};
        for (text, kind) in [
            ("Прошу видати довідку про склад сім'ї.", Application),
            ("Прошу роз'яснити порядок отримання довідки.", Inquiry),
            ("Прошу надати роз'яснення щодо субсидії.", Inquiry),
            ("Підкажіть, де отримати набір?", Inquiry),
            ("Коли буде світло?", Inquiry),
            ("Допоможіть вивезти маму з Борівського", Application),
            ("Помогите устроить ребёнка в школу", Application),
            ("Здравствуйте. Извините. Скажите, куда идти?", Inquiry),
            ("Скаржуся на лікарку, яка нагрубила", Complaint),
            ("Обурена роботою хабу: хамство і черги. Прошу перевірити.", Complaint),
            ("Пропоную поставити лавки біля хабу", Proposal),
            ("Поверніть мені виплату за травень", Application),
            ("Мені не виплатили допомогу за травень, зніму копію наказу", Application),
            ("Хто узгоджував скасування рейсу", Complaint),
        ] {
            let folded = Folded::new(text);
            assert_eq!(find_kind("", folded.words(), folded.words()).value, kind, "{text}");
        }
        let paper = "Начальнику СМВА\nСича І. П.\n\nСКАРГА\n\nПрошу видати копію.";
        let kind = |subject: &str, own: &str, matter: &str| {
            find_kind(subject, Folded::new(own).words(), Folded::new(matter).words()).value
        };
        assert_eq!(kind("", paper, "Прошу видати копію."), Complaint);
        assert_eq!(kind("Скарга", "Перевірте це", "Перевірте це"), Complaint);
    }
}
