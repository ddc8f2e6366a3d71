//! A refusal names the law and says why (art. 15 of the law on appeals); the way to appeal stands in the letter itself.
//!
//! A ground is a reference to an act ("п. 7 Порядку № 332", "ст. 8 Закону"); motives are words besides it. Whether they
//! are true is for people to judge.

use crate::reading::fold::fold;

/// Fewest words that can say why, the reference to the act not counted.
const FEWEST_WORDS: usize = 4;

/// Beginnings of words that name an act.
const ACTS: [&str; 14] = [
    "закон",
    "кодекс",
    "постанов",
    "порядк",
    "порядок",
    "положен",
    "наказ",
    "указ",
    "розпорядж",
    "конституц",
    "правил",
    "інструкц",
    "програм",
    "рішенн",
];
/// Beginnings of words that name a place in an act.
const PLACES: [&str; 6] = ["ст", "статт", "п", "пункт", "ч", "абзац"];

/// The two halves of a refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The sentence that names the act.
    pub ground: String,
    /// Everything else; the whole text where one sentence says both.
    pub motives: String,
}

/// Reads a refusal; the error is what it lacks, in Ukrainian, as it stands after "бракує".
///
/// # Errors
/// If no act is named, or nothing is said besides.
pub fn read(text: &str) -> Result<Refusal, &'static str> {
    let sentences = sentences(text);
    let Some(at) = sentences.iter().position(|sentence| names_act(sentence)) else {
        return Err("правової підстави (наприклад: «п. 7 Порядку № 332» або «ст. 12 Закону …»)");
    };
    let ground = sentences.get(at).cloned().unwrap_or_default();
    let rest: Vec<&str> =
        sentences.iter().enumerate().filter(|(index, _)| *index != at).map(|(_, sentence)| sentence.as_str()).collect();
    let rest = rest.join(" ");
    if words(&rest) >= FEWEST_WORDS {
        return Ok(Refusal { ground, motives: rest });
    }
    // One sentence that says both: "Відповідно до п. 7 Порядку № 332 допомогу призначають лише тим, хто …".
    if words(&ground) >= 2 * FEWEST_WORDS {
        return Ok(Refusal { motives: text.trim().to_owned(), ground });
    }
    Err("мотивів відмови: чому саме підстав для задоволення немає")
}

fn names_act(sentence: &str) -> bool {
    let folded = fold(sentence);
    let begins = |stems: &[&str]| {
        folded
            .split(|c: char| !c.is_alphanumeric() && c != '\'')
            .any(|word| stems.iter().any(|stem| word.starts_with(stem)))
    };
    let place = folded.split_whitespace().collect::<Vec<_>>().windows(2).any(
        |pair| matches!(pair, [word, number] if is_place(word) && number.starts_with(|c: char| c.is_ascii_digit())),
    );
    let numbered = folded.contains('№') || folded.chars().any(|c| c.is_ascii_digit());
    place || (begins(&ACTS) && numbered) || (begins(&["закон", "кодекс", "конституц"]) && begins(&ACTS))
}

fn is_place(word: &str) -> bool {
    let word = word.trim_end_matches('.').trim_start_matches(|c: char| !c.is_alphabetic());
    PLACES.iter().any(|place| if place.chars().count() > 2 { word.starts_with(place) } else { word == *place })
}

/// Sentences by full stop, semicolon or line end; a stop after a short word ("п.", "ст.") or before a small letter or a
/// figure ends none.
fn sentences(text: &str) -> Vec<String> {
    let mut sentences = Vec::new();
    let mut current = String::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        current.push(letter);
        let ends = match letter {
            '\n' | ';' => true,
            '.' | '!' | '?' => {
                let last =
                    current.trim_end_matches('.').rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
                last.chars().count() > 2 && letters.peek().is_none_or(|next| next.is_whitespace())
            }
            _ => false,
        };
        if ends {
            sentences.push(std::mem::take(&mut current));
        }
    }
    sentences.push(current);
    sentences
        .iter()
        .map(|sentence| sentence.trim().trim_end_matches(';').to_owned())
        .filter(|s| !s.is_empty())
        .collect()
}

fn words(text: &str) -> usize {
    text.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_needs_a_reference_and_a_reason() {
        for (text, ground, motives) in [
            (
                "Вам відмовлено у призначенні допомоги. Підстава: п. 7 Порядку № 332. Ви не перебуваєте на обліку ВПО.",
                "Підстава: п. 7 Порядку № 332.",
                "Вам відмовлено у призначенні допомоги. Ви не перебуваєте на обліку ВПО.",
            ),
            (
                "Відповідно до статті 8 Закону України «Про соціальні послуги» послугу надають лише особам з інвалідністю",
                "Відповідно до статті 8 Закону України «Про соціальні послуги» послугу надають лише особам з інвалідністю",
                "Відповідно до статті 8 Закону України «Про соціальні послуги» послугу надають лише особам з інвалідністю",
            ),
        ] {
            assert_eq!(read(text), Ok(Refusal { ground: ground.into(), motives: motives.into() }), "{text}");
        }
        for (text, lacks) in [
            ("Підстав для задоволення немає, бо Ви не перебуваєте на обліку.", "правової"),
            ("", "правової"),
            ("Відмовлено. Ст. 12 Закону.", "мотивів"),
            ("п. 7 Порядку № 332", "мотивів"),
        ] {
            assert!(read(text).is_err_and(|why| why.starts_with(lacks)), "{text}: {:?}", read(text));
        }
    }
}
