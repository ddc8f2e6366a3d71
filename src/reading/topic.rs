//! Which departments a matter belongs to, by the trigger terms of the configuration.
//!
//! A phrase counts for more than a word, the subject twice, the sentences that ask for something half as much again; a
//! term that several departments list is shared between them. `+` and `-` in front of a term make it decisive or a mere
//! hint. A department that is complained about is listed apart: art. 7 of the law forbids to send the complaint there.

use crate::domain::office::Office;
use crate::domain::reading::{Candidate, Kind};
use crate::reading::folded::{Folded, Words, plain};
use crate::reading::terms::{Terms, word_count};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// A term in the subject counts so many times.
const SUBJECT: f32 = 2.0;

/// A term in a sentence that asks for something counts so many times.
const ASKING: f32 = 1.5;

/// Weight of a phrase; a single word weighs 1.
const PHRASE: f32 = 2.2;

/// Weight of a decisive term and of a hint, as factors.
const DECISIVE: f32 = 2.0;
const HINT: f32 = 0.34;

/// What stands beside something only says where: "біля школи".
const PLACE: f32 = 0.4;
const BESIDE: &[&str] =
    &["біля", "коло", "поруч", "поблизу", "навпроти", "возле", "около", "рядом", "напротив", "повз"];

/// How often the same term counts.
const MAX_COUNT: u32 = 2;

/// How many words may stand between "скарга на" and the department.
const COMPLAINT_REACH: usize = 8;

static ASKS: LazyLock<Terms<()>> = LazyLock::new(|| {
    Terms::words(&[
        "прошу",
        "просимо",
        "прохання",
        "просьба",
        "допоможіть",
        "помогите",
        "допоможете",
        "підкажіть",
        "подскажите",
        "порадьте",
        "скажіть",
        "скажите",
        "поясніть",
        "хочу",
        "хотіла б",
        "хотів би",
        "хотела бы",
        "чи",
        "як",
        "как",
        "де",
        "где",
        "куди",
        "куда",
        "коли",
        "когда",
        "чому",
        "почему",
        "потрібно",
        "потрібна",
        "потрібен",
        "потрібні",
        "нужно",
        "нужна",
        "нужен",
        "пропоную",
        "скаржус*",
        "вимагаю",
        "перевірте",
        "видайте",
        "поверніть",
        "вирішит*",
        "суть",
    ])
});

static AGAINST: LazyLock<Terms<()>> = LazyLock::new(|| {
    Terms::words(&[
        "скарг* на",
        "скаржу*",
        "скаржимо*",
        "жалоб* на",
        "жалуюсь на",
        "дії",
        "дій",
        "діями",
        "бездіяльн*",
        "действия",
        "бездейств*",
        "хамств*",
        "грубіст*",
        "нагрубил*",
        "нахамил*",
        "свавілл*",
        "працівни* ~ відмов*",
        "порушенн* з боку",
    ])
});

/// Officials, whoever they are.
static OFFICIALS: LazyLock<Terms<()>> = LazyLock::new(|| {
    Terms::words(&[
        "посадов* ос*",
        "посадовц*",
        "чиновни*",
        "должностн* лиц*",
        "начальни*",
        "керівни*",
        "руководител*",
        "завідувач*",
        "заведующ*",
        "спеціаліст*",
        "специалист*",
        "інспектор*",
        "инспектор*",
        "секретар*",
        "оператор*",
    ])
});

/// What a term is worth, and to whom.
#[derive(Debug)]
struct Trigger {
    /// Index of the term among all (to count it only so often).
    term: usize,
    weight: f32,
    departments: Vec<usize>,
}

/// The trigger terms of all departments, compiled.
#[derive(Debug)]
pub struct Topics {
    triggers: Terms<Trigger>,
    aliases: Terms<usize>,
    codes: Vec<String>,
}

impl Topics {
    /// Compiles the terms of an office.
    pub fn new(office: &Office) -> Self {
        let mut owners: BTreeMap<String, (f32, BTreeSet<usize>)> = BTreeMap::new();
        for (index, department) in office.departments.iter().enumerate() {
            for trigger in &department.triggers {
                let (term, factor) = strength(trigger);
                let key = term.split_whitespace().map(key_part).collect::<Vec<_>>().join(" ");
                if key.is_empty() {
                    continue;
                }
                let weight = if word_count(term) > 1 { PHRASE } else { 1.0 } * factor;
                let entry = owners.entry(key).or_insert((weight, BTreeSet::new()));
                entry.0 = entry.0.max(weight);
                entry.1.insert(index);
            }
        }
        let triggers = Terms::new(owners.iter().enumerate().map(|(term, (key, (weight, departments)))| {
            let shared = departments.len() as f32;
            let trigger =
                Trigger { term, weight: weight / shared.sqrt(), departments: departments.iter().copied().collect() };
            (key.as_str(), trigger)
        }));
        let aliases = office.departments.iter().enumerate().flat_map(|(index, department)| {
            let head = head_surname(&department.head);
            department
                .aliases
                .iter()
                .chain([&department.name])
                .map(String::as_str)
                .chain(head)
                .map(move |alias| (inflected(alias), index))
        });
        let aliases: Vec<(String, usize)> = aliases.collect();
        let aliases = Terms::new(aliases.iter().map(|(alias, index)| (alias.as_str(), *index)));
        Self { triggers, aliases, codes: office.departments.iter().map(|department| department.code.clone()).collect() }
    }

    /// The departments that a matter (its sentences) may belong to, best first; equal ones in the order of the configuration.
    pub fn rank(&self, subject: &str, matter: &[Words<'_>]) -> Vec<Candidate> {
        let mut scores: BTreeMap<usize, (f32, Vec<String>)> = BTreeMap::new();
        let mut counts: BTreeMap<usize, u32> = BTreeMap::new();
        self.add(Folded::new(subject).words(), SUBJECT, &mut counts, &mut scores);
        for sentence in matter {
            let asking = sentence.source().contains('?') || ASKS.any(*sentence);
            self.add(*sentence, if asking { ASKING } else { 1.0 }, &mut counts, &mut scores);
        }
        let mut ranked: Vec<(usize, f32, Vec<String>)> =
            scores.into_iter().map(|(index, (score, words))| (index, score, words)).collect();
        ranked.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
        ranked
            .into_iter()
            .filter_map(|(index, score, words)| Some(Candidate { code: self.codes.get(index)?.clone(), score, words }))
            .collect()
    }

    fn add(
        &self,
        text: Words<'_>,
        factor: f32,
        counts: &mut BTreeMap<usize, u32>,
        scores: &mut BTreeMap<usize, (f32, Vec<String>)>,
    ) {
        let mut taken: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        let hits: Vec<_> = self.triggers.hits(text).collect();
        for hit in &hits {
            for department in &hit.value.departments {
                let longest = taken.entry((*department, hit.first)).or_insert(hit.last);
                *longest = (*longest).max(hit.last);
            }
        }
        for hit in hits {
            let count = counts.entry(hit.value.term).or_insert(0);
            *count += 1;
            if *count > MAX_COUNT {
                continue;
            }
            let before = hit.first.checked_sub(1).and_then(|index| text.word(index));
            let place = if before.is_some_and(|word| BESIDE.contains(&word)) { PLACE } else { 1.0 };
            for department in &hit.value.departments {
                // Of terms of one department that begin at the same word only the longest counts.
                if taken.get(&(*department, hit.first)).is_some_and(|longest| *longest > hit.last) {
                    continue;
                }
                let repeated = if *count > 1 { 0.5 } else { 1.0 };
                let (score, words) = scores.entry(*department).or_default();
                *score += hit.value.weight * factor * repeated * place;
                let quote = text.quote(hit.first, hit.last);
                if !words.iter().any(|word| word == quote) {
                    words.push(quote.to_owned());
                }
            }
        }
    }

    /// Codes of the departments that a complaint is about: named by their names, or by their heads.
    pub fn complained_of(&self, kind: Kind, subject: &str, matter: &[Words<'_>]) -> Vec<String> {
        let mut found: BTreeSet<usize> = BTreeSet::new();
        against(kind, subject, matter, |words, near| {
            found.extend(self.aliases.hits(words).filter(|alias| near(alias.first)).map(|alias| *alias.value));
        });
        found.into_iter().filter_map(|index| self.codes.get(index).cloned()).collect()
    }

    /// Whether a complaint is about an official.
    pub fn complains_of_official(&self, kind: Kind, subject: &str, matter: &[Words<'_>]) -> bool {
        let mut found = false;
        against(kind, subject, matter, |words, near| {
            found |= OFFICIALS.hits(words).any(|official| near(official.first));
        });
        found
    }
}

/// Looks at each sentence of a complaint; `near` tells whether a word stands behind words against somebody.
fn against(kind: Kind, subject: &str, matter: &[Words<'_>], mut look: impl FnMut(Words<'_>, &dyn Fn(usize) -> bool)) {
    if kind != Kind::Complaint {
        return;
    }
    let subject = Folded::new(subject);
    for words in matter.iter().copied().chain([subject.words()]) {
        let against: Vec<usize> = AGAINST.hits(words).map(|hit| hit.last).collect();
        if !against.is_empty() {
            look(words, &|word| against.iter().any(|last| word > *last && word - last <= COMPLAINT_REACH));
        }
    }
}

/// The term without its sign, and the factor that the sign stands for.
fn strength(trigger: &str) -> (&str, f32) {
    let trigger = trigger.trim();
    if let Some(term) = trigger.strip_prefix('+') {
        (term.trim(), DECISIVE)
    } else if let Some(term) = trigger.strip_prefix('-') {
        (term.trim(), HINT)
    } else {
        (trigger, 1.0)
    }
}

/// One piece of a term in the form in which equal terms are equal.
fn key_part(piece: &str) -> String {
    if piece == "~" {
        return piece.to_owned();
    }
    match piece.split_once('*') {
        Some((stem, _)) => format!("{}*", plain(stem)),
        None => plain(piece),
    }
}

/// The surname in a head's name as signatures write it: "Олена КОВАЛЕНКО".
fn head_surname(head: &str) -> Option<&str> {
    let capitals = |word: &&str| word.chars().count() > 2 && word.chars().all(|c| !c.is_lowercase());
    head.split_whitespace().find(capitals)
}

/// A name as people inflect it: long words without their endings.
fn inflected(alias: &str) -> String {
    plain(alias)
        .split(' ')
        .map(|word| {
            let letters = word.chars().count();
            if letters > 5 {
                format!("{}*", word.chars().take(letters - 2).collect::<String>())
            } else {
                word.to_owned()
            }
        })
        .collect::<Vec<_>>()
        .join(" ")
}
