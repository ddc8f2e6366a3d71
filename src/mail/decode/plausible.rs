//! How much a text looks like Ukrainian (or Russian, or any ordinary European) writing.
//!
//! Used to decide between charsets, never to judge people: only characters outside of ASCII are weighed. A weight is
//! about ten times the natural logarithm of (frequency of the letter in Ukrainian letters / frequency by chance), so
//! that sums of weights are evidence and a prior can be added to them. Text read in a wrong charset shows itself by
//! rare letters, by capitals inside of words (KOI8 against windows-1251) and by symbols and box drawings.

/// How many characters outside of ASCII are weighed; more would not change the verdict.
const SAMPLE: usize = 400;

/// Evidence for a text: the sum of weights and the number of characters weighed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Evidence {
    /// Sum of the weights of the characters.
    pub sum: i32,
    /// Characters weighed, at most `SAMPLE`.
    pub count: i32,
    /// Whether a character was met that no letter is written with: a box drawing, a control, U+FFFD.
    pub foreign: bool,
}

impl Evidence {
    /// Whether the text is surely readable: long enough and good on average, or nothing to weigh at all.
    pub fn convincing(self) -> bool {
        self.count == 0 || (!self.foreign && self.sum > 20 && self.sum >= self.count)
    }
}

/// Kind of the previous character, as far as weighing needs it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Gap,
    Ascii,
    TwinOfCyrillic,
    Lower,
    Upper,
    Latin,
    /// A sign that does not stand directly before a letter: a bullet, a closing quotation mark, a degree.
    Sign,
    Symbol,
}

/// Weighs a text.
pub fn weigh(text: &str) -> Evidence {
    let mut evidence = Evidence::default();
    let mut before = Before::Gap;
    let mut rhythm = Rhythm::default();
    let mut limit = 0_usize;
    for ch in text.chars() {
        if ch.is_ascii() {
            before = after_ascii(ch);
            continue;
        }
        let (weight, now) = weigh_one(ch, before);
        let flow = rhythm.step(ch, before);
        evidence.sum = evidence.sum.saturating_add(weight).saturating_add(flow);
        evidence.count = evidence.count.saturating_add(1);
        evidence.foreign |= matches!(ch, '\u{fffd}' | '\u{80}'..='\u{9f}' | '\u{2500}'..='\u{25ff}');
        before = now;
        limit = limit.saturating_add(1);
        if limit >= SAMPLE {
            break;
        }
    }
    evidence
}

/// The alternation of vowels and consonants in a Cyrillic word, which a misreading destroys.
#[derive(Default)]
struct Rhythm {
    vowel: bool,
    consonants: u32,
}

impl Rhythm {
    fn step(&mut self, ch: char, before: Before) -> i32 {
        let inside = matches!(before, Before::Lower | Before::Upper | Before::TwinOfCyrillic);
        if !inside {
            *self = Rhythm::default();
        }
        let letter = small(ch).unwrap_or(ch);
        match letter {
            'а' | 'о' | 'у' | 'е' | 'и' | 'і' | 'ы' | 'э' | 'я' | 'ю' | 'є' | 'ї' | 'ё' => {
                let weight = match letter {
                    _ if !self.vowel => 2,
                    'я' | 'ю' | 'є' | 'ї' => 0,
                    _ => -5,
                };
                *self = Rhythm { vowel: true, consonants: 0 };
                weight
            }
            'ь' => {
                let weight = if self.consonants > 0 { 3 } else { -15 };
                self.vowel = false;
                weight
            }
            'й' => {
                let weight = if self.vowel || !inside { 4 } else { -10 };
                *self = Rhythm { vowel: false, consonants: 1 };
                weight
            }
            'а'..='я' | 'ґ' => {
                let run = self.consonants.saturating_add(1);
                *self = Rhythm { vowel: false, consonants: run };
                match run {
                    0 | 1 => 1,
                    2 => -1,
                    3 => -4,
                    _ => -8,
                }
            }
            _ => 0,
        }
    }
}

fn after_ascii(ch: char) -> Before {
    match ch {
        'i' | 'I' | 'a' | 'o' | 'e' | 'p' | 'c' | 'x' | 'y' | 'A' | 'O' | 'E' | 'P' | 'C' | 'X' | 'Y' => {
            Before::TwinOfCyrillic
        }
        _ if ch.is_ascii_alphabetic() => Before::Ascii,
        _ => Before::Gap,
    }
}

fn weigh_one(ch: char, before: Before) -> (i32, Before) {
    let lower = lower_weight(ch);
    if let Some(weight) = lower {
        let join = match before {
            Before::Ascii | Before::Latin => -15,
            Before::TwinOfCyrillic => -2,
            Before::Symbol | Before::Sign => -12,
            Before::Gap | Before::Lower | Before::Upper => 0,
        };
        return (weight.saturating_add(join), Before::Lower);
    }
    if let Some(weight) = small(ch).and_then(lower_weight) {
        let join = match before {
            Before::Lower => -30,
            Before::Ascii | Before::Latin => -15,
            Before::Symbol | Before::Sign => -12,
            Before::Upper | Before::TwinOfCyrillic => -2,
            Before::Gap => -1,
        };
        return (weight.saturating_add(join), Before::Upper);
    }
    match ch {
        '\u{fffd}' => (-60, Before::Symbol),
        '\u{80}'..='\u{9f}' => (-50, Before::Symbol),
        '’' | 'ʼ' | '‘' => (2, before),
        '«' | '“' | '„' | '”' | '—' | '–' | '\u{a0}' => (0, Before::Gap),
        '»' | '…' | '№' | '§' | '°' | '•' | '·' | '€' | '₴' | '™' => (0, Before::Sign),
        '\u{400}'..='\u{52f}' => (-25, Before::Lower),
        '\u{c0}'..='\u{24f}' if ch.is_alphabetic() => match before {
            Before::Ascii | Before::TwinOfCyrillic => (3, Before::Latin),
            Before::Gap | Before::Sign => (-3, Before::Latin),
            Before::Latin => (-8, Before::Latin),
            Before::Lower | Before::Upper | Before::Symbol => (-30, Before::Latin),
        },
        '\u{2500}'..='\u{25ff}' => (-35, Before::Symbol),
        _ if ch.is_alphabetic() => (-10, Before::Latin),
        _ => match before {
            Before::Gap | Before::Sign => (-8, Before::Gap),
            Before::Ascii | Before::TwinOfCyrillic | Before::Lower | Before::Upper | Before::Latin | Before::Symbol => {
                (-22, Before::Symbol)
            }
        },
    }
}

/// The small letter of a capital Cyrillic letter.
fn small(ch: char) -> Option<char> {
    if !matches!(ch, '\u{400}'..='\u{42f}' | '\u{490}') {
        return None;
    }
    ch.to_lowercase().next()
}

/// Weights of small letters: Ukrainian, and the four that only Russian has.
fn lower_weight(ch: char) -> Option<i32> {
    Some(match ch {
        'о' => 13,
        'а' => 12,
        'н' => 10,
        'и' => 9,
        'і' | 'т' | 'е' => 8,
        'в' => 7,
        'р' => 6,
        'с' => 5,
        'к' | 'л' => 4,
        'у' | 'д' => 3,
        'м' | 'п' => 2,
        'я' | 'з' => -1,
        'ь' => -3,
        'г' | 'б' => -4,
        'ч' => -5,
        'й' | 'ы' => -6,
        'х' => -8,
        'ц' => -9,
        'ж' | 'ю' => -10,
        'ш' => -11,
        // Rarer than this in Ukrainian, but in no other charset's misreading are they frequent.
        'ї' | 'є' | 'ґ' => -8,
        'щ' => -14,
        'ф' | 'э' => -16,
        'ё' | 'ъ' => -22,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ukrainian_text_convinces_and_its_misreadings_do_not() {
        for (text, want) in [
            ("Прошу відремонтувати дорогу по вулиці Соборній", true),
            ("Немає опалення у квартирі вже третій день, дім’я", true),
            ("ПРОШУ НАДАТИ ДОВІДКУ ПРО ДОХОДИ", true),
            ("Прошу отремонтировать крышу, третий подъезд", true),
            ("plain ascii", true),
            ("оПНЬС Б╤ДПЕЛНМРСБЮРХ ДНПНЦС", false),
            ("Ïðîøó â³äðåìîíòóâàòè äîðîãó", false),
            ("РџСЂРѕС€Сѓ РІС–РґСЂРµРјРѕРЅС‚СѓРІР°С‚Рё", false),
            ("П\u{fffd}\u{fffd}\u{fffd}шу", false),
        ] {
            let evidence = weigh(text);
            assert_eq!(evidence.convincing(), want, "{text}: {evidence:?}");
        }
    }
}
