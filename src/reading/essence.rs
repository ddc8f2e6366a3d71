//! The matter in the applicant's own words: no greeting, no head, no address block, no signature.
//!
//! Whole sentences are kept or left out, never shortened inside, so that the register quotes the letter truly. A sentence
//! is left out when nearly all of it is data that stand in other columns (names, addresses, phones) or courtesy. When in
//! doubt it stays: a line too much is read over, a lost one is a lost matter.

use crate::reading::essence_terms;
use crate::reading::folded::{Folded, Words};
use crate::reading::lookup::WordSet;
use crate::reading::pattern::{Opening, Pattern};
use crate::reading::terms::{Terms, listed};
use std::sync::LazyLock;

/// Longest essence, in characters; the rest stays in the letter.
const MAX_ESSENCE: usize = 3_000;

/// In how many lines from the top the head of a paper-like application may stand.
const MAX_HEAD_LINES: usize = 14;

/// Fewest words of a matter below which the subject is put in front.
const SHORT: usize = 4;

static GREETING: Opening = Opening::new(
    &["добр", "вітаю", "вітання", "здра", "прив", "слава", "шановн", "уважаем", "hello", "hi", "dear"],
    concat!(
        r"(?i)^\W*(доброго\s+(дня|ранку|вечора|здоров.?я|часу( доби)?|времени суток)|добр(ий|ого|ый|ое|ої)\s+(день|ранок|вечір|утро|вечер|ночі|дня)|",
        r"добридень|добрий?день|добривечір|вітаю|вітання|здравствуйте|здрастуйте|приветствую|привіт|привет|слава україні|",
        r"шановн(і|ий|а|е|ая|ые)(\s+[\w'’ʼ]+){0,5}?(?:[,!.]|\n|$)|уважаем(ые|ый|ая)(\s+[\w'’ʼ]+){0,5}?(?:[,!.]|\n|$)|hello|hi[\s,!]|dear\s)",
        r"(\s+(вас|вам|усім|всім|всем|шановні|пані та панове|пані|пане|команд[ао]|друзі))*[\s,.!)…:;–—-]*",
    ),
);
static DATE_LINE: Opening = Opening::new(
    &["дата", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
    concat!(
        r"(?i)^\W*(дата|«?\d{1,2}»?[.\s/]+(\d{1,2}|[а-яіїєґ]+)[.\s/]+(19|20)?\d{2})\W*(р(оку|\.)?|г(ода|\.)?)?\W*",
        r"(\d{1,2}[.:]\d{2})?\W*(підпис|подпись)?[\W_]*$",
    ),
);
static SIGNED_DATE: Pattern = Pattern::new(concat!(
    r"^\W*(\d{1,2}[./]\d{1,2}[./](19|20)?\d{2})\W*(р\.?|року)?[\s_,/(–—-]*(?:[А-ЯІЇЄҐ][\w'’ʼ-]*\.?\s*){1,4}[\s_)]*$|",
    r"^\W*(?:[А-ЯІЇЄҐ][\w'’ʼ-]*\.?\s*){1,4}[\s_,/–—-]*(\d{1,2}[./]\d{1,2}[./](19|20)?\d{2})\W*(р\.?|року)?\W*$",
));
static TITLE: Opening = Opening::new(
    &[
        "електронн",
        "заяв",
        "скарга",
        "жалоба",
        "пропозиц",
        "звернення",
        "обращение",
        "клопотання",
        "ходатайство",
        "прохання",
        "лист",
        "запит",
        "запрос",
        "повідомлення",
    ],
    concat!(
        r"(?i)^\W*(електронн\w+\s+)?(заява|заявление|скарга|жалоба|пропозиці[яї]|звернення|обращение|клопотання|ходатайство|прохання|",
        r"лист-звернення|запит|запрос|повідомлення)(\s*\([^)]{0,40}\))?[\s.:!]*$",
    ),
);
static ADDRESSEE: Pattern = Pattern::new(concat!(
    r"(?i)^\W*(до|кому:?|в|у)?\s*(начальни\w*|керівни\w*|голов[іау]|директор\w*|завідувач\w*|заступни\w*|міськ\w+ голов\w+|руководител\w*|главе|очільник\w*|",
    r"в\.?\s?о\.?|т\.?в\.?о\.?|сєвєродонецьк\w+|сєверодонецьк\w+|северодонецьк\w+|сіверськодонецьк\w+|северодонецк\w+|міськ\w+|луганськ\w+|",
    r"управлінн\w+|відділ\w*|служб\w+|контактн\w+ центр\w*|смва|вца|адміністраці\w+|администраци\w+|штаб\w*|центр\w*)(\W[^.!?]{0,160})?$",
));
static FROM_LINE: Pattern = Pattern::new(concat!(
    r"(?i)^\W*(від|от|заявник\w*|заявитель\w*|гр\.|громадян\w+|гражд\w+|мешканц\w+|мешканк\w+|жител\w+|жительк\w+|внутрішньо переміщен\w+ особ\w+|",
    r"пенсіонер\w*|який|яка|що|проживає|проживаю|мешкаю|мешкає|зареєстрован\w+|прописан\w+|адреса|тел|моб|т\.|телефон|e-?mail|ел\.|конт)(\W|$)",
));
static CLOSING: Opening = Opening::new(
    &[
        "з",
        "щиро",
        "с",
        "завчасно",
        "заздалегідь",
        "наперед",
        "заранее",
        "дяку",
        "спасиб",
        "благодар",
        "вдячн",
        "буд",
        "best",
        "regards",
        "ваш",
        "всього",
        "гарного",
        "хорошего",
        "на",
        "до",
        "слава",
        "героям",
        "чекаю",
        "жду",
        "підпис",
        "подпись",
    ],
    concat!(
        r"(?i)^\W*(з\s+(найкращими\s+|щирою\s+|глибокою\s+|великою\s+)?(повагою|пошаною|вдячністю|побажаннями)|щиро|с\s+уважением|с\s+наилучшими|",
        r"завчасно|заздалегідь|наперед|заранее|дякую|дякуємо|спасибо|спасибі|благодарю|вдячн\w+|будемо вдячні|буду вдячн\w+|best regards|regards|",
        r"ваш\w? \w+$|всього найкращого|гарного дня|хорошего дня|на все добре|до побачення|слава україні|героям слава|чекаю\s+(на\s+)?відповід\w+|",
        r"жду ответа|підпис(\W|$)|подпись)",
    ),
);

static LABELS: LazyLock<Terms<()>> = LazyLock::new(|| Terms::of(essence_terms::LABELS));

static GENERIC: LazyLock<WordSet<&str>> = LazyLock::new(|| listed(essence_terms::GENERIC).collect());

/// The text after its greeting.
pub fn without_greeting(text: Words<'_>) -> &str {
    let end = GREETING.find(text).map_or(0, |found| found.end());
    text.source().get(end..).unwrap_or_default()
}

/// The matter of a letter; `None` if there is none. A short one gets the subject in front, where that says more.
pub fn find_essence(subject: &str, matter: Words<'_>, names: &[&str]) -> Option<String> {
    let body = above_signature(below_head(matter), names);
    let mut essence = String::new();
    let mut words = 0;
    for sentence in body.sentences() {
        let bare = without_greeting(sentence).trim();
        let added = if bare.len() == sentence.source().len() {
            words_of_matter(sentence)
        } else {
            words_of_matter(Folded::new(bare).words())
        };
        if added > 0 {
            if !essence.is_empty() {
                essence.push(' ');
            }
            essence.push_str(bare);
            words += added;
        }
    }
    if words < SHORT && !is_generic(subject) {
        let whole =
            if essence.is_empty() { subject.trim().to_owned() } else { format!("{}. {essence}", subject.trim()) };
        return Some(whole).filter(|whole| !whole.trim().is_empty());
    }
    (!essence.is_empty()).then(|| shortened(essence))
}

/// How many words of the matter a sentence has: all or none.
fn words_of_matter(sentence: Words<'_>) -> usize {
    let left_out =
        is_courtesy(sentence) || is_data(sentence) || DATE_LINE.is_match(sentence) || TITLE.is_match(sentence);
    if left_out { 0 } else { sentence.len() }
}

/// Cuts an overlong essence at the end of a word.
fn shortened(essence: String) -> String {
    let Some((end, _)) = essence.char_indices().nth(MAX_ESSENCE) else {
        return essence;
    };
    let head = essence.get(..end).unwrap_or(&essence);
    let cut = head.rfind(' ').and_then(|space| head.get(..space)).unwrap_or(head);
    format!("{cut}…")
}

/// Whether a subject says nothing about the matter.
pub fn is_generic(subject: &str) -> bool {
    Folded::new(subject).words().iter().all(|word| GENERIC.contains(word) || word.chars().count() == 1)
}

/// The text below the head of a paper-like application: addressee, "від …", address, title.
fn below_head(text: Words<'_>) -> Words<'_> {
    let lines: Vec<(usize, Words<'_>)> = line_starts(text).take(MAX_HEAD_LINES).collect();
    let below = |start: usize| text.part(start..text.source().len()).unwrap_or(text);
    let first = lines.iter().position(|(_, line)| !line.source().trim().is_empty());
    let Some((_, top)) = first.and_then(|first| lines.get(first)) else {
        return text;
    };
    let addressed = is_addressee(*top);
    let headed = addressed || FROM_LINE.is_match(top.source()) && top.source().chars().count() < 90;
    let title = lines.iter().position(|(_, line)| TITLE.is_match(*line));
    if let Some(title) = title
        && (headed || title <= first.unwrap_or(0))
        && let Some((start, line)) = lines.get(title)
    {
        return below(start + line.source().len());
    }
    if !addressed {
        return text;
    }
    // Without a title the head ends at the first line that is neither addressee nor data.
    for (start, line) in &lines {
        let head = line.source().trim().is_empty() || is_addressee(*line) || is_head_line(*line);
        if !head {
            return below(*start);
        }
    }
    text
}

fn is_addressee(line: Words<'_>) -> bool {
    line.len() <= 20 && line.source().chars().count() <= 170 && ADDRESSEE.is_match(line.source())
}

fn is_head_line(line: Words<'_>) -> bool {
    FROM_LINE.is_match(line.source()) && !asks(line) || is_data(line)
}

fn asks(text: Words<'_>) -> bool {
    text.iter().any(|word| matches!(word, "прошу" | "просимо" | "просим" | "допоможіть" | "помогите"))
        || text.source().contains('?')
}

fn line_starts(text: Words<'_>) -> impl Iterator<Item = (usize, Words<'_>)> {
    text.lines().scan(0_usize, |at, line| {
        let start = *at;
        *at += line.source().len();
        Some((start, line))
    })
}

/// The text above the signature: a line `--`, or a closing formula after which only data follow.
fn above_signature<'t>(text: Words<'t>, names: &[&str]) -> Words<'t> {
    let lines: Vec<(usize, Words<'_>)> = line_starts(text).collect();
    let mut body = text;
    for (index, (start, line)) in lines.iter().enumerate() {
        let bare = line.source().trim_end();
        let ruler = matches!(bare, "--" | "---" | "—" | "– –" | "___");
        let closing =
            is_closing_line(*line) && lines.get(index + 1..).unwrap_or_default().iter().all(|(_, below)| !asks(*below));
        if (ruler || closing)
            && let Some(above) = text.part(0..*start)
            && above.len() >= 2
        {
            body = above;
            break;
        }
    }
    // From below: lines with the applicant's name, data, dates.
    loop {
        let trimmed = body.source().trim_end().len();
        let whole = body.part(0..trimmed).unwrap_or(body);
        let start = whole.source().rfind('\n').map_or(0, |at| at + 1);
        let last = whole.part(start..trimmed).unwrap_or_default();
        let text = last.source();
        let signature = SIGNED_DATE.is_match(text)
            || DATE_LINE.is_match(last)
            || is_data(last)
            || last.len() <= 6 && !asks(last) && names.iter().any(|name| !name.is_empty() && text.contains(name));
        if start == 0 || !signature {
            return whole;
        }
        body = whole.part(0..start).unwrap_or_default();
    }
}

fn is_closing_line(line: Words<'_>) -> bool {
    let formula = match (line.word(0), line.word(1)) {
        (Some("з"), Some("повагою" | "пошаною")) | (Some("с"), Some("уважением")) | (Some("best"), Some("regards")) => {
            true
        }
        (Some("щиро"), _) => line.len() <= 3,
        (Some(_) | None, _) => false,
    };
    formula && line.len() <= 8
}

fn is_courtesy(sentence: Words<'_>) -> bool {
    sentence.len() <= 9 && !sentence.source().contains('?') && CLOSING.is_match(sentence)
}

/// Most words of a sentence of data that are none.
const MAX_OTHER: usize = 2;

/// Whether nearly all of a sentence is what stands in other columns: names, addresses, phones.
fn is_data(sentence: Words<'_>) -> bool {
    if sentence.is_empty() {
        return true;
    }
    if asks(sentence) {
        return false;
    }
    let (mut data, mut other) = (0_usize, 0_usize);
    // Labels reach up to this word.
    let mut labelled = 0;
    for index in 0..sentence.len() {
        labelled = LABELS.hits_at(sentence, index).map(|hit| hit.last + 1).fold(labelled, usize::max);
        let known = index < labelled;
        let source = sentence.quote(index, index);
        let digit = source.starts_with(|letter: char| letter.is_ascii_digit());
        let capital = source.starts_with(char::is_uppercase);
        if digit || (capital && (index > 0 || known || is_name_like(sentence))) {
            data += 1;
        } else if !known {
            other += 1;
            if other > MAX_OTHER {
                return false;
            }
        }
    }
    data > 0 && (other == 0 || data >= 2 * other) || data == 0 && other == 0
}

/// Whether the first word, though at the begin of a sentence, is a name: a patronymic near it, or capitals only.
fn is_name_like(sentence: Words<'_>) -> bool {
    const PATRONYMICS: &[&str] = &["ович", "івна", "ївна", "евич", "йович", "овна", "евна", "івни", "овича"];
    let capital = |index: usize| {
        sentence.quote(index, index).starts_with(|letter: char| letter.is_uppercase() || letter.is_ascii_digit())
    };
    sentence.iter().take(4).any(|word| PATRONYMICS.iter().any(|ending| word.ends_with(ending)))
        || (2..=3).contains(&sentence.len()) && (0..sentence.len()).all(capital)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_compile() {
        for pattern in [&GREETING, &DATE_LINE, &TITLE, &CLOSING] {
            pattern.assert_compiles();
        }
        for pattern in [&SIGNED_DATE, &ADDRESSEE, &FROM_LINE] {
            pattern.assert_compiles();
        }
    }

    fn check(letter: &str, expected: &str) {
        assert_eq!(find_essence("", Folded::new(letter).words(), &["Сич"]).unwrap_or_default(), expected, "{letter}");
    }

    #[test]
    fn only_the_matter_stays() {
        check(
            "Доброго дня! Кравець Леся Гаврилівна, Київ, вул. Робоча 9, кв. 61. Чи дають набори у суботу? 050 012 33 18",
            "Чи дають набори у суботу?",
        );
        check(
            "Начальнику СМВА\nСича Івана Петровича,\nтел. 097-013-05-62\n\nЗАЯВА\n\nПрошу видати довідку.\n\n08.02.2023     І. Сич",
            "Прошу видати довідку.",
        );
        check(
            "До Сєвєродонецької МВА\nвід Сича Івана\n\nПрошу допомоги з дровами.\n\nЗ повагою\nСич",
            "Прошу допомоги з дровами.",
        );
        check("Доброго дня, чи можна подати заяву поштою?\nСич Іван, Рівне", "чи можна подати заяву поштою?");
        check("Шановна адміністраціє! Пропоную поставити лавки. Заздалегідь дякую.", "Пропоную поставити лавки.");
        check("Прописка: Гагаріна, 5. Живу в Чопі, вул. Молодіжна 6. тел 0661234567", "");
        check("Добрий день. Це Яна. Коли відкриється група в Ковелі? Дякую", "Коли відкриється група в Ковелі?");
    }

    #[test]
    fn a_telling_subject_speaks_for_a_short_letter() {
        assert_eq!(
            find_essence("Довідка ВПО для сина", Folded::new("Треба.").words(), &[]).as_deref(),
            Some("Довідка ВПО для сина. Треба.")
        );
        assert_eq!(find_essence("Заява", Words::default(), &[]), None);
    }

    #[test]
    fn a_greeting_is_taken_off_and_nothing_else() {
        for (text, rest) in [
            ("Шановні, вкажіть жильцям, що пізно", "вкажіть жильцям, що пізно"),
            ("Вітаю вас! Мама хвора", "Мама хвора"),
            ("Доброго вечора. Я Марфа", "Я Марфа"),
            ("Добрива видали?", "Добрива видали?"),
        ] {
            assert_eq!(without_greeting(Folded::new(text).words()), rest);
        }
    }
}
