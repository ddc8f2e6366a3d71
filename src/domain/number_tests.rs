//! Numbers as offices write them and as people retype them.

use super::*;

fn format() -> NumberFormat {
    NumberFormat::parse("{letter}-{seq}/{year}").unwrap()
}

fn number(letter: &str, seq: u32, year: i32) -> Number {
    Number { letter: letter.to_owned(), seq, year: Some(year) }
}

#[test]
fn the_office_writes_numbers_by_its_own_format() {
    for (text, written) in [
        ("{letter}-{seq}/{year}", "К-128/2022"),
        ("{letter}-{seq:06}/{year}", "К-000128/2022"),
        ("{year}-{seq:04}", "2022-0128"),
        ("СМВА/{letter}/{seq}", "СМВА/К/128"),
    ] {
        let format = NumberFormat::parse(text).unwrap();
        assert_eq!(format.format("К", 128, 2022), written);
        assert_eq!(format.read(written).map(|number| number.seq), Some(128), "{text}");
        assert_eq!(format.find_in(&format!("Re: [{written}] про воду")).len(), 1, "{text}");
    }
}

#[test]
fn a_format_that_cannot_be_read_back_is_refused() {
    for (text, error) in [
        ("{letter}/{year}", FormatError::NoSeq),
        ("{seq}-{seq}", FormatError::Twice("seq")),
        ("{seq}{year}", FormatError::Touching),
        ("{seq}-20{year}", FormatError::Touching),
        ("{seq}/{month}", FormatError::Unknown("{month}".to_owned())),
        ("{seq:0}", FormatError::Unknown("{seq:0}".to_owned())),
        ("{seq:6}", FormatError::Unknown("{seq:6}".to_owned())),
        ("{seq", FormatError::Unknown("{seq".to_owned())),
        ("seq}-{seq}", FormatError::Unknown("seq}-".to_owned())),
    ] {
        assert_eq!(NumberFormat::parse(text).err(), Some(error), "{text}");
    }
}

#[test]
fn people_retype_numbers_in_many_ways() {
    for typed in [
        "К-128/2022",
        "k-128/2022",
        "K-128/2022",
        "к-128/2022",
        " К–128/2022 ",
        "К — 128 / 2022",
        "К128/2022",
        "№ К-128/2022",
        "К-000128/2022",
        "К‑128\\2022",
        "[К-128/2022]",
        "К-128/2022 р.",
    ] {
        assert!(same(typed.trim_end_matches(" р."), "К-128/2022"), "{typed} folds to {}", fold(typed));
        assert_eq!(format().read(typed), Some(number("К", 128, 2022)), "{typed}");
    }
    assert_eq!(format().read("К-128/22"), Some(number("К", 128, 2022)));
    for other in ["К-129/2022", "К-12/82022", "Л-128/2022", "К-1/282022", "128/2022", "", "К-1280/2022"] {
        assert!(!same(other, "К-128/2022"), "{other}");
    }
    assert!(same("К-1О2/2О22", "К-102/2022"), "a letter О inside digits");
    assert!(same("О-3О/2022", "O-30/2022"));
    assert!(!same("О-30/2022", "0-30/2022"), "but not instead of the letter");
    for not in ["К-128", "К-128/202", "К-128/20222", "о 128/2022 рублів", "КККК-128/2022"] {
        assert_eq!(format().read(not), None, "{not}");
    }
}

#[test]
fn numbers_are_found_in_subjects() {
    for (subject, found) in [
        ("Re: [К-128/2022] Ваше звернення", vec![number("К", 128, 2022)]),
        ("Fwd: RE: k-128/2022", vec![number("К", 128, 2022)]),
        (
            "звернення №К-128/2022р. та К-129/2022 К-130/2022",
            vec![number("К", 128, 2022), number("К", 129, 2022), number("К", 130, 2022)],
        ),
        ("КО-7/2022,БП-8/2022", vec![number("КО", 7, 2022), number("БП", 8, 2022)]),
        ("К-128/2022 [К-128/2022]", vec![number("К", 128, 2022)]),
        ("К-128/20221", vec![]),
        ("телефон 066-128/2022", vec![]),
        ("буд-128/2022", vec![]),
        ("", vec![]),
    ] {
        assert_eq!(format().find_in(subject), found, "{subject}");
    }
}

#[test]
fn the_letter_is_the_first_of_the_surname() {
    for (surname, letter) in [
        ("Коваленко", Some('К')),
        ("коваленко", Some('К')),
        ("Ґедз", Some('Ґ')),
        ("єременко", Some('Є')),
        ("Іваненко", Some('І')),
        ("Iваненко", Some('І')),
        ("Їжак", Some('Ї')),
        ("їжак", Some('Ї')),
        ("Джус", Some('Д')),
        ("'Юрченко", Some('Ю')),
        ("Щербак", Some('Щ')),
        ("Ёлкин", Some('Й')),
        ("Эйдельман", Some('Е')),
        ("Shevchenko", Some('Ш')),
        ("Kovalenko", Some('К')),
        ("Novak", Some('Н')),
        ("Schmidt", Some('С')),
        ("12", None),
        ("", None),
    ] {
        assert_eq!(letter_of(surname), letter, "{surname}");
    }
    assert_eq!(letter_or(Some("Коваленко"), true, "КО", "БП"), "КО");
    assert_eq!(letter_or(Some("Коваленко"), false, "КО", "БП"), "К");
    assert_eq!(letter_or(None, false, "КО", "БП"), "БП");
}

proptest::proptest! {
    #[test]
    fn what_is_written_is_read_back(letter in "[А-ЯҐЄІЇ]", seq in 1u32..999_999_999, year in 1990i32..2100, width in 0usize..10) {
        let text = if width == 0 { "{letter}-{seq}/{year}".to_owned() } else { format!("{{letter}}-{{seq:0{width}}}/{{year}}") };
        let format = NumberFormat::parse(&text).unwrap();
        let written = format.format(&letter, seq, year);
        let expected = number(&letter, seq, year);
        proptest::prop_assert_eq!(format.read(&written), Some(expected.clone()));
        proptest::prop_assert_eq!(format.find_in(&written), vec![expected]);
        let plain = self::format().format(&letter, seq, year);
        proptest::prop_assert!(same(&written.to_lowercase(), &plain));
    }

    #[test]
    fn anything_may_be_folded_and_searched(text in "\\PC{0,200}") {
        let _ = (fold(&text), format().find_in(&text), format().read(&text), letter_of(&text));
        proptest::prop_assert_eq!(fold(&fold(&text)), fold(&text));
    }
}
