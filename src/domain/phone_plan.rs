//! The plan of telephone numbers: which digits make a phone, and which country it is of.
//!
//! Sources: the national plan (mobile and city codes), E.164 lengths of the countries where the town's people live.

/// Mobile codes of Ukraine.
const MOBILE: &[&str] =
    &["39", "50", "63", "66", "67", "68", "73", "75", "77", "91", "92", "93", "94", "95", "96", "97", "98", "99"];

/// City codes of Ukraine (the first two digits after the 0).
const CITY: &[&str] = &[
    "31", "32", "33", "34", "35", "36", "37", "38", "41", "43", "44", "45", "46", "47", "48", "51", "52", "53", "54",
    "55", "56", "57", "58", "59", "61", "62", "64", "65", "69",
];

/// Code of the home town and the length of its local numbers.
const HOME_CODE: &str = "6452";
/// Digits of a local number of the home town.
pub const LOCAL_DIGITS: usize = 5;

/// Countries: code, shortest and longest number with the code.
const COUNTRIES: &[(&str, usize, usize)] = &[
    ("420", 12, 12),
    ("421", 12, 12),
    ("370", 11, 11),
    ("371", 11, 11),
    ("372", 10, 11),
    ("373", 11, 11),
    ("374", 11, 11),
    ("375", 12, 12),
    ("351", 12, 12),
    ("352", 9, 12),
    ("353", 11, 12),
    ("354", 10, 10),
    ("356", 11, 11),
    ("357", 11, 11),
    ("358", 10, 13),
    ("359", 11, 12),
    ("381", 11, 12),
    ("382", 11, 11),
    ("385", 11, 12),
    ("386", 11, 11),
    ("389", 11, 11),
    ("971", 12, 12),
    ("972", 11, 12),
    ("994", 12, 12),
    ("995", 12, 12),
    ("996", 12, 12),
    ("998", 12, 12),
    ("30", 12, 12),
    ("31", 11, 11),
    ("32", 10, 11),
    ("33", 11, 11),
    ("34", 11, 11),
    ("36", 10, 11),
    ("39", 11, 13),
    ("40", 11, 11),
    ("41", 11, 11),
    ("43", 10, 13),
    ("44", 12, 12),
    ("45", 10, 10),
    ("46", 10, 12),
    ("47", 10, 10),
    ("48", 11, 11),
    ("49", 11, 13),
    ("61", 11, 11),
    ("90", 12, 12),
    ("1", 11, 11),
    ("7", 11, 11),
];

/// What is odd about a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Oddity {
    /// `+30…` instead of `+380…`, or another lost digit of the country code.
    LostDigit,
    /// Letters in the place of digits.
    Letters,
    /// The leading 0 was lost (Excel).
    LostZero,
    /// A local number without a code.
    Local,
    /// Code +7.
    Seven,
    /// The code of the network is unknown.
    UnknownCode,
    /// Written without `+`.
    NoPlus,
}

impl Oddity {
    /// How sure the number is.
    pub fn confidence(self) -> f32 {
        match self {
            Self::Seven => 0.9,
            Self::LostDigit | Self::Letters | Self::LostZero => 0.8,
            Self::Local | Self::NoPlus => 0.7,
            Self::UnknownCode => 0.6,
        }
    }

    /// What the operator is told.
    pub fn text(self) -> &'static str {
        match self {
            Self::LostDigit => "У номері пропущено цифру коду країни; подано з кодом +380, перевірте.",
            Self::Letters => "У номері замість цифр стояли літери; виправлено, перевірте.",
            Self::LostZero => "У номері відновлено початковий нуль, перевірте.",
            Self::Local => "Номер без коду: подано з кодом міста, перевірте.",
            Self::Seven => "Номер із кодом +7: дзвінок може бути небезпечним для заявника.",
            Self::UnknownCode => "Код оператора невідомий, перевірте номер.",
            Self::NoPlus => "Іноземний номер без знака «+», перевірте.",
        }
    }
}

/// The digits of a possible phone and how they stand.
#[derive(Debug, Clone, Copy)]
pub struct Pattern<'a> {
    /// All digits.
    pub digits: &'a str,
    /// A `+` stands before them.
    pub plus: bool,
    /// The words before say that it is a phone.
    pub labelled: bool,
    /// It stands in a column of phones.
    pub cell: bool,
    /// In how many groups it is written.
    pub groups: usize,
    /// No other digits stand beside them.
    pub whole: bool,
}

/// The number in E.164 if the digits are a whole phone.
pub fn pattern(shape: &Pattern<'_>) -> Option<(String, Option<Oddity>)> {
    let digits = shape.digits;
    let national = |rest: &str, oddity: Option<Oddity>| -> Option<(String, Option<Oddity>)> {
        if rest.len() != 9 || rest.starts_with("800") || rest.starts_with("900") {
            return None;
        }
        let code = rest.get(0..2).unwrap_or("");
        let known = is_known(Some(code));
        if !known && !shape.cell {
            return None;
        }
        Some((format!("+380{rest}"), oddity.or_else(|| (!known).then_some(Oddity::UnknownCode))))
    };
    match digits.len() {
        12 if digits.starts_with("380") => return national(digits.get(3..)?, None),
        14 if digits.starts_with("00380") => return national(digits.get(5..)?, None),
        13 if digits.starts_with("3800") => return national(digits.get(4..)?, Some(Oddity::LostDigit)),
        11 if digits.starts_with("80") && !shape.plus => return national(digits.get(2..)?, None),
        11 if digits.starts_with("80") => return national(digits.get(2..)?, Some(Oddity::LostDigit)),
        11 if digits.starts_with("30") && (shape.plus || shape.cell) && is_mobile(digits.get(2..4)) => {
            return national(digits.get(2..)?, Some(Oddity::LostDigit));
        }
        10 if digits.starts_with('0') => return national(digits.get(1..)?, None),
        9 if shape.cell && is_known(digits.get(0..2)) => return national(digits, Some(Oddity::LostZero)),
        LOCAL_DIGITS
            if shape.labelled && shape.whole && (shape.groups == 3 || shape.cell) && !digits.starts_with('0') =>
        {
            return Some((format!("+380{HOME_CODE}{digits}"), Some(Oddity::Local)));
        }
        _ => {}
    }
    foreign(shape)
}

fn is_mobile(code: Option<&str>) -> bool {
    code.is_some_and(|code| MOBILE.contains(&code))
}

fn is_known(code: Option<&str>) -> bool {
    is_mobile(code) || code.is_some_and(|code| CITY.contains(&code))
}

fn foreign(shape: &Pattern<'_>) -> Option<(String, Option<Oddity>)> {
    let digits = match shape.digits.strip_prefix("00") {
        Some(rest) if !shape.plus => rest,
        Some(_) => return None,
        None if shape.plus => shape.digits,
        // Without "+": only a Russian 8-9XX, or a labelled number of a known country in several groups.
        None if shape.digits.len() == 11 && shape.digits.starts_with("89") && shape.labelled => {
            return Some((format!("+7{}", shape.digits.get(1..)?), Some(Oddity::Seven)));
        }
        None if shape.labelled && shape.digits.len() >= 11 && !shape.digits.starts_with(['0', '8']) => shape.digits,
        None => return None,
    };
    let (code, shortest, longest) = COUNTRIES.iter().find(|(code, ..)| digits.starts_with(code))?;
    if !(*shortest..=*longest).contains(&digits.len()) {
        return None;
    }
    let oddity = if *code == "7" {
        Some(Oddity::Seven)
    } else if shape.plus || shape.digits.starts_with("00") {
        None
    } else {
        Some(Oddity::NoPlus)
    };
    Some((format!("+{digits}"), oddity))
}
