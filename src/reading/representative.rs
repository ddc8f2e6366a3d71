//! In whose interest: the person or group for whom the applicant speaks.
//!
//! Taken only from plain words (a power of attorney, "в інтересах", a ward, an organisation that the applicant heads,
//! neighbours who sign together, a relative who is named in full, an adult relative to be got out). A parent's ordinary
//! matter of an own child, or a relative merely mentioned, is the applicant's own matter.

use crate::domain::letter::Correspondent;
use crate::domain::reading::Found;
use crate::reading::fold::fold;
use crate::reading::kinship::relation;
use crate::reading::lookup::{Begins, WordMap, WordSet};
use crate::reading::pattern::Phrases;
use crate::reading::person_find::{Extent, Mention};
use crate::reading::words::{Sort, Text, Token};
use std::sync::LazyLock;

/// A letter in which somebody may speak for others.
pub struct Scene<'a> {
    /// The text.
    pub text: &'a Text<'a>,
    /// All persons named.
    pub mentions: &'a [Mention],
    /// The mention that is the applicant.
    pub applicant: Option<&'a Mention>,
    /// The sender.
    pub from: &'a Correspondent,
    /// Subject.
    pub subject: &'a str,
}

/// Longest description of a group, in words.
const MAX_GROUP_WORDS: usize = 9;

/// The person or group in whose interest the applicant acts.
pub fn find_represented(scene: &Scene<'_>) -> Option<Found<String>> {
    by_power(scene)
        .or_else(|| neighbours(scene))
        .or_else(|| organisation(scene))
        .or_else(|| named_relative(scene))
        .or_else(|| relative_in_need(scene))
}

/// Cues of a representative; the person stands within a few words after.
const POWERS: &[&str] = &[
    "довіреністю",
    "довіреності",
    "доверенности",
    "інтересах",
    "интересах",
    "імені",
    "имени",
    "дорученням",
    "опікун",
    "опікуна",
    "опікунка",
    "опікуном",
    "опікункою",
    "опекун",
    "піклувальник",
    "піклувальниця",
    "довіритель",
    "довірителя",
    "довірителька",
    "довірительки",
    "клієнт",
    "клієнта",
    "клієнтка",
    "клієнтки",
    "клієнтці",
    "клієнту",
    "клиент",
    "клиента",
    "підопічний",
    "підопічного",
    "підопічна",
    "підопічної",
    "представляю",
    "представник",
    "представниця",
    "представника",
    "підзахисний",
    "підзахисного",
    "подопечный",
    "подопечной",
    "недієздатного",
    "недієздатної",
    "недієздатний",
    "недієздатна",
    "піклуванням",
    "опікою",
];

static POWER: LazyLock<WordSet<&str>> = LazyLock::new(|| POWERS.iter().copied().collect());

/// Words after the cue within which the person must stand.
const REACH: usize = 6;

fn by_power(scene: &Scene<'_>) -> Option<Found<String>> {
    for (index, token) in scene.text.tokens.iter().enumerate() {
        let word = token.fold.as_ref();
        if token.sort != Sort::Word || !POWER.contains(word) {
            continue;
        }
        // "вул. імені …", "паспорт на ім'я" are no powers; "від імені", "ім'ям" of others are.
        if matches!(word, "імені" | "имени") && !previous_is(&scene.text.tokens, index, &["від", "от"]) {
            continue;
        }
        let found = scene.mentions.iter().find(|mention| {
            mention.first > index
                && mention.first <= index + REACH + 3
                && !is_applicant(scene, mention)
                && mention.extent != Extent::Given
        });
        if let Some(mention) = found {
            if sentence_ends_between(&scene.text.tokens, index, mention.first) {
                continue;
            }
            let lemma =
                relation_near(&scene.text.tokens, mention).map(|(lemma, _)| lemma).filter(|lemma| !is_client(lemma));
            return Some(named(scene, mention, lemma, 0.9));
        }
        let in_interest = matches!(word, "інтересах" | "интересах" | "імені" | "имени");
        let ward = word.starts_with("опік") || word.starts_with("піклув");
        if (in_interest || ward)
            && let Some((at, lemma)) = relation_after(&scene.text.tokens, index, 4)
        {
            return Some(Found { value: lemma.to_owned(), quote: between(scene, index, at), confidence: 0.75 });
        }
    }
    None
}

fn is_client(lemma: &str) -> bool {
    ["клієнт", "клієнтка", "довіритель"].contains(&lemma)
}

fn is_applicant(scene: &Scene<'_>, mention: &Mention) -> bool {
    let Some(applicant) = scene.applicant else { return false };
    let (own, other) = (&applicant.who.full, &mention.who.full);
    applicant.first == mention.first
        || (own.surname == other.surname && (own.name == other.name || mention.extent == Extent::Initials))
}

fn previous_is(tokens: &[Token<'_>], index: usize, words: &[&str]) -> bool {
    index.checked_sub(1).and_then(|at| tokens.get(at)).is_some_and(|token| words.contains(&token.fold.as_ref()))
}

fn sentence_ends_between(tokens: &[Token<'_>], from: usize, to: usize) -> bool {
    tokens
        .get(from..to)
        .unwrap_or(&[])
        .iter()
        .any(|token| matches!(token.text, "." | "!" | "?") && token.sort == Sort::Mark || token.lines() > 1)
}

/// The relation named in the three words before a mention, or in brackets or behind a comma after it.
fn relation_near(tokens: &[Token<'_>], mention: &Mention) -> Option<(&'static str, bool)> {
    let before = (1..=4_usize)
        .filter_map(|back| mention.first.checked_sub(back))
        .take_while(|at| {
            tokens
                .get(*at)
                .is_some_and(|token| token.sort != Sort::Break && !matches!(token.text, "." | "!" | "?" | ";"))
        })
        .filter_map(|at| tokens.get(at))
        .find_map(|token| relation(&token.fold));
    if before.is_some() {
        return before;
    }
    let bracket = tokens.get(mention.last + 1).is_some_and(|token| token.is_mark('('));
    let after = tokens.get(mention.last + 2).filter(|_| bracket)?;
    let own = tokens.get(mention.last + 3).filter(|token| token.sort == Sort::Word);
    relation(&after.fold).or_else(|| own.and_then(|word| relation(&word.fold)))
}

fn relation_after(tokens: &[Token<'_>], index: usize, reach: usize) -> Option<(usize, &'static str)> {
    (index + 1..=index + reach)
        .take_while(|at| tokens.get(*at).is_some_and(|token| token.sort == Sort::Word))
        .find_map(|at| tokens.get(at).and_then(|token| relation(&token.fold)).map(|(lemma, _)| (at, lemma)))
}

fn between(scene: &Scene<'_>, first: usize, last: usize) -> String {
    scene.text.between(first, last).replace('\n', " ")
}

fn named(scene: &Scene<'_>, mention: &Mention, lemma: Option<&str>, confidence: f32) -> Found<String> {
    let full = &mention.who.full;
    let parts: Vec<&str> =
        [&full.surname, &full.name, &full.patronymic].into_iter().filter_map(|part| part.as_deref()).collect();
    let mut value = parts.join(" ");
    if let Some(lemma) = lemma {
        value = format!("{value} ({lemma})");
    }
    Found { value, quote: between(scene, mention.first, mention.last), confidence }
}

/// Forms of "residents" that open a description of a group, and the nominative.
const GROUPS: &[(&str, &str)] = &[
    ("мешканців", "мешканці"),
    ("мешканці", "мешканці"),
    ("мешканцями", "мешканці"),
    ("жителів", "жителі"),
    ("жителі", "жителі"),
    ("жильців", "жильці"),
    ("жильці", "жильці"),
    ("жителей", "жителі"),
    ("жители", "жителі"),
    ("жильцов", "жильці"),
    ("співвласників", "співвласники"),
    ("співвласники", "співвласники"),
    ("колективу", "колектив"),
    ("колектив", "колектив"),
    ("групи", "група"),
    ("група", "група"),
    ("батьків", "батьки"),
    ("працівників", "працівники"),
    ("працівники", "працівники"),
    ("сусідів", "сусіди"),
    ("членів", "члени"),
    ("громади", "громада"),
    ("студентів", "студенти"),
    ("переселенців", "переселенці"),
    ("родин", "родини"),
];

static GROUP: LazyLock<WordMap<&str, &str>> = LazyLock::new(|| GROUPS.iter().copied().collect());

/// "Від мешканців будинку …", "ми, мешканці …", "від імені мешканців …".
fn neighbours(scene: &Scene<'_>) -> Option<Found<String>> {
    for (index, token) in scene.text.tokens.iter().enumerate() {
        if token.sort != Sort::Word {
            continue;
        }
        let tokens = &scene.text.tokens;
        let word = token.fold.as_ref();
        // "Ми, вчителі та …, 31 підпис": whoever says so names himself in the plural.
        let we = || {
            let comma = index.checked_sub(1).filter(|at| tokens.get(*at).is_some_and(|mark| mark.is_mark(',')));
            comma.is_some_and(|at| previous_is(tokens, at, &["ми", "мы"])) && signatures(&scene.text.folded)
        };
        let listed = GROUP.get(word).copied();
        let Some(lemma) = listed.or_else(|| (word.ends_with(['і', 'и']) && we()).then_some(word)) else { continue };
        if lemma == "громада" && !previous_is(tokens, index, &["імені", "имени", "інтересах"])
        {
            continue;
        }
        let cue =
            (1..=3_usize).filter_map(|back| index.checked_sub(back)).filter_map(|at| tokens.get(at)).any(|before| {
                matches!(
                    before.fold.as_ref(),
                    "від" | "от" | "ми" | "мы" | "імені" | "имени" | "інтересах" | "нас" | "нижчепідписані"
                )
            });
        // A single applicant who says "ми, переселенці" speaks for himself, unless somebody signs for the group.
        let speaks = previous_is(tokens, index, &["від", "от", "імені", "имени", "інтересах"])
            || signatures(&scene.text.folded)
            || scene.text.folded.contains("колективн");
        if !cue || !speaks {
            continue;
        }
        let (words, last) = group_words(tokens, index);
        let mut value = if words.is_empty() { lemma.to_owned() } else { format!("{lemma} {words}") };
        if let Some(organisation) = organisation_at(scene, 0) {
            value = format!("{value} ({})", organisation.0);
        }
        return Some(Found { value, quote: between(scene, index, last), confidence: 0.8 });
    }
    None
}

/// The words that describe the group, up to a bracket, a full stop of a sentence or "в особі".
fn group_words(tokens: &[Token<'_>], index: usize) -> (String, usize) {
    let mut out = String::new();
    let mut last = index;
    let mut words = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(index + 1) {
        let stop = token.sort == Sort::Break
            || matches!(token.text, "(" | ")" | ":" | ";" | "!" | "?" | "—" | "–")
            || (token.text == "," && !tokens.get(at + 1).is_some_and(|next| next.sort == Sort::Number))
            || (token.text == "." && tokens.get(at - 1).is_none_or(|word| word.text.chars().count() > 4))
            || matches!(
                token.fold.as_ref(),
                "просимо"
                    | "прошу"
                    | "звертаюся"
                    | "звертаюсь"
                    | "звертаємось"
                    | "звертаємося"
                    | "особі"
                    | "хочемо"
            )
            || words >= MAX_GROUP_WORDS;
        if stop {
            break;
        }
        if token.gap && !out.is_empty() {
            out.push(' ');
        }
        out.push_str(token.text);
        last = at;
        words += usize::from(token.sort == Sort::Word);
    }
    (out.trim_end_matches(" в").to_owned(), last)
}

/// "68 підписів", "підписи мешканців".
fn signatures(folded: &str) -> bool {
    folded.contains("підпис")
        && (folded.contains("підписів")
            || folded.contains("підпис)")
            || folded.contains("нижчепідписані")
            || folded.contains("підписи"))
}

/// Kinds of organisations whose name stands in quotation marks.
const ORGANISATIONS: &[&str] = &[
    "осбб", "оссб", "пп", "тов", "го", "бо", "бф", "кп", "ктп", "прат", "ат", "спд", "сг", "фг", "стов", "нво", "осн",
    "жбк", "жк", "ок", "ск", "гк", "оо", "ооо",
];

static ORGANISATION: LazyLock<WordSet<&str>> = LazyLock::new(|| ORGANISATIONS.iter().copied().collect());

/// Who speaks for an organisation.
const HEADS: &[&str] = &[
    "голов",
    "директор",
    "керівник",
    "представник",
    "засновник",
    "уповноважен",
    "президент",
    "очільни",
    "председател",
    "керуюч",
    "власни",
];

/// The organisation that the applicant heads, or that is the sender.
fn organisation(scene: &Scene<'_>) -> Option<Found<String>> {
    let (value, first, last) = organisation_at(scene, 0)?;
    let near = |at: usize| scene.applicant.is_some_and(|mention| at <= mention.last + 12 && mention.first <= at + 12);
    let headed = (1..=4_usize)
        .filter_map(|back| first.checked_sub(back))
        .filter_map(|at| scene.text.tokens.get(at))
        .any(|token| HEADS.iter().any(|head| token.fold.starts_with(head)) || token.fold == "від");
    let sender = fold(&scene.from.name).contains(fold(&value).as_ref());
    (near(first) && headed || sender).then(|| Found {
        value: value.clone(),
        quote: between(scene, first, last),
        confidence: 0.75,
    })
}

/// The first organisation with a name in quotation marks from this token on.
fn organisation_at(scene: &Scene<'_>, from: usize) -> Option<(String, usize, usize)> {
    for (index, token) in scene.text.tokens.iter().enumerate().skip(from) {
        if token.sort != Sort::Word || !ORGANISATION.contains(token.fold.as_ref()) {
            continue;
        }
        if !token.text.chars().all(char::is_uppercase) {
            continue;
        }
        let opened = scene.text.tokens.get(index + 1).is_some_and(|next| matches!(next.text, "«" | "\"" | "“" | "„"));
        let closed = (index + 2..index + 9)
            .find(|at| scene.text.tokens.get(*at).is_some_and(|next| matches!(next.text, "»" | "\"" | "”")));
        if let (true, Some(last)) = (opened, closed) {
            return Some((between(scene, index, last), index, last));
        }
    }
    None
}

/// A relative, friend or neighbour who is named with surname or patronymic, adult, alive.
fn named_relative(scene: &Scene<'_>) -> Option<Found<String>> {
    scene.mentions.iter().filter(|mention| mention.extent != Extent::Given && !is_applicant(scene, mention)).find_map(
        |mention| {
            let (lemma, adult) = relation_near(&scene.text.tokens, mention)?;
            let adult = adult || said_after(scene, mention, GROWN);
            let dead = (1..=5_usize)
                .filter_map(|back| mention.first.checked_sub(back))
                .filter_map(|at| scene.text.tokens.get(at))
                .any(|token| {
                    ["покійн", "померл", "загибл", "загинув", "умер"]
                        .iter()
                        .any(|prefix| token.fold.starts_with(prefix))
                });
            let dead = dead || said_after(scene, mention, DEAD);
            // A name with a number right behind is somebody to be called, not somebody spoken for.
            let called = (1..=6_usize)
                .map_while(|ahead| scene.text.tokens.get(mention.last + ahead))
                .take_while(|token| !matches!(token.text, "." | ";" | ","))
                .any(|token| token.sort == Sort::Number && token.text.len() >= 9);
            (adult && !dead && !called)
                .then(|| named(scene, mention, Some(lemma).filter(|lemma| !is_client(lemma)), 0.75))
        },
    )
}

/// Words of one who is dead, as prefixes.
const DEAD: &[&str] = &["помер", "загинув", "загинул", "умер", "поховал", "похорон", "погиб"];

/// Words of a son or daughter who is grown up, as prefixes.
const GROWN: &[&str] =
    &["служить", "служит", "військов", "солдат", "мобіліз", "мобилиз", "зсу", "всу", "воює", "воюет", "боєць", "боец"];

/// How far after a name its sentence is looked through, in tokens.
const SENTENCE_REACH: usize = 14;

/// Whether one of these prefixes stands in the same sentence after the name.
fn said_after(scene: &Scene<'_>, mention: &Mention, prefixes: &[&str]) -> bool {
    let ahead = (1..=SENTENCE_REACH).map_while(|ahead| scene.text.tokens.get(mention.last + ahead));
    let sentence = ahead.take_while(|token| !matches!(token.text, "!" | "?" | ";") && token.lines() <= 1);
    let mut words = sentence.filter(|token| token.sort == Sort::Word).map(|token| fold(token.text));
    words.any(|word| prefixes.iter().any(|prefix| word.starts_with(prefix)))
}

/// Verbs of getting somebody out or caring for somebody, as prefixes.
const NEEDS: &[&str] = &[
    "евакую",
    "вивез",
    "забрат",
    "забер",
    "врятуй",
    "врятуват",
    "допоможіть",
    "допомогти",
    "эвакуир",
    "вывез",
    "помогите",
    "помочь",
    "поможіть",
    "евакуац",
    "эвакуац",
];

static NEED: LazyLock<Begins<()>> = LazyLock::new(|| Begins::stems(NEEDS));

/// An adult relative to be got out or helped, not named.
fn relative_in_need(scene: &Scene<'_>) -> Option<Found<String>> {
    for (index, token) in scene.text.tokens.iter().enumerate() {
        if token.sort != Sort::Word {
            continue;
        }
        if !NEED.fit(&token.fold) {
            continue;
        }
        if let Some((at, lemma)) = relation_after(&scene.text.tokens, index, 5)
            && scene.text.tokens.get(at).is_some_and(|token| relation(&token.fold).is_some_and(|(_, adult)| adult))
            && scene.text.tokens.get(at).is_some_and(|token| token.fold != "друг")
        {
            return Some(Found { value: lemma.to_owned(), quote: between(scene, index, at), confidence: 0.6 });
        }
    }
    None
}

/// Words of a group that appeals together.
static TOGETHER: Phrases = Phrases::new(&[
    "нижчепідписан",
    "підписів",
    "колективне звернення",
    "колективна скарга",
    "колективна заява",
    "ініціативна група",
    "від мешканців",
    "від імені мешканців",
    "ми, мешканці",
    "ми мешканці",
    "мешканці будинку",
    "мешканці сусіднього",
    "мешканці вулиці",
    "жителі будинку",
    "трудовий колектив",
    "колектив",
    "группа жителей",
    "коллективн",
    "від жителів",
    "від імені жителів",
    "ми, жителі",
    "від співвласників",
    "підписи",
    "ми, батьки",
    "від батьків",
    "група мешканців",
    "група батьків",
    "група матерів",
    "небайдужі мешканці",
    "від імені групи",
    "заявники:",
    " заявники",
]);

/// Whether a group appeals.
pub fn is_collective(scene: &Scene<'_>) -> bool {
    TOGETHER.any(&scene.text.folded)
}
