//! Golden letters, and what must hold for each of them.

use super::*;
use crate::domain::department::{Department, Support};
use crate::domain::reading::Missing;
use crate::letters::kind::{Audience, Needed};

fn office() -> Office {
    let department = |code: &str, name: &str, name_to: &str| Department {
        code: code.into(),
        name: name.into(),
        name_to: (!name_to.is_empty()).then(|| name_to.into()),
        topic: "Соціальний захист".into(),
        support: Support::Financial,
        email: format!("{code}@smva.example"),
        more_emails: Vec::new(),
        workbook: String::new(),
        head: String::new(),
        aliases: Vec::new(),
        triggers: Vec::new(),
    };
    Office {
        organisation: "Сєвєродонецька міська військова адміністрація Сєвєродонецького району Луганської області".into(),
        centre: "Контактний центр".into(),
        shown_phones: vec!["066 283 81 82".into(), "095 139 19 78".into()],
        hours: "10:00–15:00".into(),
        higher_body_to: "Луганської обласної військової адміністрації".into(),
        departments: vec![
            department(
                "soc",
                "Управління праці та соціального захисту населення",
                "Управління праці та соціального захисту населення",
            ),
            department("evac", "Штаб евакуації", ""),
        ],
        ..Office::default()
    }
}

fn golden(name: &str, kind: LetterKind, params: &LetterParams) {
    let letter = render(kind, params, &office()).unwrap();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../tests/golden/letters");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        insta::assert_snapshot!(name, format!("Тема: {}\n\n{}", letter.subject, letter.text));
        insta::assert_snapshot!(format!("{name}.html"), letter.html);
    });
}

#[test]
fn each_letter_with_everything_reads_as_approved() {
    for kind in LetterKind::all() {
        golden(kind.id(), kind, &samples::full(kind));
    }
}

#[test]
fn each_letter_with_only_the_necessary_reads_as_approved() {
    for kind in LetterKind::all() {
        golden(&format!("{}_bare", kind.id()), kind, &samples::bare(kind));
    }
}

#[test]
fn variants_read_as_approved() {
    let registered = samples::full(LetterKind::Registered);
    let without_patronymic = LetterParams {
        name: Some("Рустам".into()),
        patronymic: Some("Мамед огли".into()),
        department: Some("evac".into()),
        ..registered.clone()
    };
    golden("registered_without_patronymic", LetterKind::Registered, &without_patronymic);
    let incomplete = LetterParams {
        name: None,
        patronymic: None,
        department: None,
        registered_on: registered.received.and_then(|received| received.date().succ_opt()),
        missing: vec![Missing::Name, Missing::TemporaryAddress],
        ..registered.clone()
    };
    golden("registered_incomplete", LetterKind::Registered, &incomplete);
    let emergency = LetterParams { emergency: true, ..registered.clone() };
    golden("registered_emergency", LetterKind::Registered, &emergency);
    let collective = LetterParams { collective: true, number: Some("КО-7/2022".into()), ..registered };
    golden("registered_collective", LetterKind::Registered, &collective);
    let urgent = LetterParams { emergency: true, number: None, ..samples::full(LetterKind::OutOfHours) };
    golden("out_of_hours_emergency", LetterKind::OutOfHours, &urgent);
    let all_missing = LetterParams {
        name: Some("Олена".into()),
        patronymic: None,
        number: None,
        missing: vec![
            Missing::Name,
            Missing::Phone,
            Missing::RegisteredAddress,
            Missing::TemporaryAddress,
            Missing::Essence,
        ],
        ..samples::full(LetterKind::Clarification)
    };
    golden("clarification_everything", LetterKind::Clarification, &all_missing);
    let one_missing = LetterParams { missing: vec![Missing::Phone], ..samples::full(LetterKind::Clarification) };
    golden("clarification_phone", LetterKind::Clarification, &one_missing);
    let not_extended = LetterParams { extended_to: None, ..samples::full(LetterKind::Interim) };
    golden("interim_not_extended", LetterKind::Interim, &not_extended);
    let one_row = LetterParams {
        number: Some("К-128/2022".into()),
        rows: samples::full(LetterKind::DepartmentNew).rows.into_iter().take(1).collect(),
        ..samples::full(LetterKind::DepartmentNew)
    };
    golden("department_new_one", LetterKind::DepartmentNew, &one_row);
}

#[test]
fn no_letter_can_be_written_without_what_it_needs() {
    for kind in LetterKind::all() {
        for needed in kind.spec().needed {
            let mut params = samples::full(kind);
            params.copy(*needed, &LetterParams::default());
            if *needed == Needed::Missing {
                params.text = None;
            }
            let error = render(kind, &params, &office()).unwrap_err();
            assert_eq!(error, RenderError::Missing { letter: kind.id(), needed: needed_name(*needed) });
        }
    }
}

#[test]
fn letters_have_no_holes_and_no_marks_of_templates() {
    for kind in LetterKind::all() {
        for params in [samples::full(kind), samples::bare(kind)] {
            let letter = render(kind, &params, &office()).unwrap();
            for line in letter.text.lines() {
                assert!(line.chars().count() <= 72, "{}: {line}", kind.id());
                let body = line.trim_start();
                assert!(!body.contains("  ") && !line.ends_with(' '), "{}: {line}", kind.id());
            }
            let folded = letter.text.replace('\n', " ");
            for mark in
                ["none", "None", "{{", "{%", "true", "..", " .", " ,", "()", ": .", "\u{a0}\u{a0}", "\n\n\n", "::"]
            {
                assert!(!folded.contains(mark), "{}: {mark:?} in {folded}", kind.id());
            }
            assert!(letter.html.starts_with("<!DOCTYPE html>") && letter.html.trim_end().ends_with("</html>"));
            assert_eq!(letter.html.matches("<p").count(), letter.html.matches("</p>").count(), "{}", kind.id());
            for active in ["<script", "<img", "<a ", "http://", "https://", "<link", "none", "{{"] {
                assert!(!letter.html.contains(active), "{}: {active}", kind.id());
            }
        }
    }
}

#[test]
fn the_subject_begins_with_the_number_and_reveals_nothing_of_the_matter() {
    for kind in LetterKind::all().filter(|kind| kind.audience() == Audience::Applicant) {
        let params = samples::full(kind);
        let letter = render(kind, &params, &office()).unwrap();
        if let Some(number) = &params.number {
            assert!(letter.subject.starts_with(&format!("[{number}] ")), "{}", letter.subject);
        }
        for revealing in ["соціальн", "праці", "допомог", "Олен", "Коваленк", "відмов", "евакуац", "військов"]
        {
            assert!(!letter.subject.to_lowercase().contains(&revealing.to_lowercase()), "{}", letter.subject);
        }
    }
    let hostile =
        LetterParams { number: Some("К-1\r\nBcc: x@example.org".into()), ..samples::full(LetterKind::State) };
    let letter = render(LetterKind::State, &hostile, &office()).unwrap();
    assert!(!letter.subject.contains(['\r', '\n']) && letter.subject.chars().count() <= LONGEST_SUBJECT);
}

#[test]
fn values_are_never_templates_and_never_markup() {
    let tricks = "{{ organisation }}{% include \"_missing.txt.j2\" %}<script>alert('1')</script>&\"<b>\u{202e}";
    let params = LetterParams {
        text: Some(tricks.into()),
        contacts: Some(tricks.into()),
        legal_basis: Some(tricks.into()),
        ..samples::full(LetterKind::Explained)
    };
    let letter = render(LetterKind::Explained, &params, &office()).unwrap();
    assert!(
        !letter.html.contains("<script") && !letter.html.contains("<b>&") && letter.html.contains("&lt;script&gt;")
    );
    assert!(letter.text.contains("{{ organisation }}{% include"));
    assert!(!letter.text.contains('\u{202e}') && !letter.html.contains('\u{202e}'));
}

#[test]
fn an_office_may_replace_a_template_and_is_told_what_is_wrong_with_it() {
    let one = |name: &str, text: &str| BTreeMap::from([(name.to_owned(), text.to_owned())]);
    let own = |name: &str, text: &str| Templates::new(&one(name, text));
    let templates = own("withdrawn/subject.txt.j2", "Ваш лист\nзакрито").unwrap();
    let letter = templates.render(LetterKind::Withdrawn, &samples::full(LetterKind::Withdrawn), &office()).unwrap();
    assert_eq!(letter.subject, "[К-128/2022] Ваш лист закрито");
    assert_eq!(Templates::check(&one("withdrawn/subject.txt.j2", "Ваш лист\nзакрито"), &office()), []);
    for (name, text, told) in [
        ("withdrawn/body.txt.j2", "{% if %}", "withdrawn/body.txt.j2, line 1"),
        ("nothing/body.txt.j2", "x", "no letter has a template of this name"),
    ] {
        assert!(own(name, text).unwrap_err().to_string().contains(told), "{text}");
    }
    for (text, told) in [
        ("{{ numberr }}", "undefined"),
        ("{{ body }}", "absent value"),
        ("{% for i in range(100000) %}{% for j in range(100000) %}x{% endfor %}{% endfor %}", "fuel"),
        ("{% include \"absent\" %}", "absent"),
    ] {
        assert!(own("withdrawn/body.txt.j2", text).is_ok(), "it parses");
        let errors = Templates::check(&one("withdrawn/body.txt.j2", text), &office());
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert!(errors[0].to_string().contains(told), "{text}: {}", errors[0]);
    }
}

#[test]
fn all_mistakes_in_all_templates_of_an_office_are_told_at_once() {
    let own = [
        ("registered/subject.txt.j2", "{{ one }}"),
        ("registered/body.txt.j2", "Вітаємо!\n{{ two }}"),
        ("withdrawn/body.html.j2", "{% endif %}"),
        ("stopped/other.txt.j2", "three"),
    ];
    let own = own.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let mut told: Vec<String> = Templates::check(&own, &office()).iter().map(ToString::to_string).collect();
    told.sort();
    let places: Vec<&str> = told.iter().map(|error| error.split(" cannot").next().unwrap()).collect();
    assert_eq!(
        places,
        [
            "the template registered/body.txt.j2, line 2,",
            "the template registered/subject.txt.j2, line 1,",
            "the template stopped/other.txt.j2",
            "the template withdrawn/body.html.j2, line 1,",
        ]
    );
}

#[test]
fn templates_are_written_in_ukrainian_letters_only() {
    for (name, text) in BUILT_IN {
        assert!(!text.to_lowercase().contains(['ы', 'э', 'ъ', 'ё']), "{name}");
        // A Latin look-alike inside a Ukrainian word.
        let letters: Vec<char> = text.chars().collect();
        for pair in letters.windows(2) {
            let cyrillic = |c: char| ('\u{400}'..='\u{4ff}').contains(&c);
            let mixed = (cyrillic(pair[0]) && pair[1].is_ascii_alphabetic())
                || (pair[0].is_ascii_alphabetic() && cyrillic(pair[1]));
            assert!(!mixed, "{name}: {pair:?}");
        }
    }
}

#[test]
fn there_is_a_folder_of_templates_for_each_letter_and_for_nothing_else() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let mut found: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    found.sort();
    let mut expected: Vec<String> = LetterKind::all().map(|kind| kind.id().to_owned()).collect();
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn the_same_values_give_the_same_letter() {
    let once = render(LetterKind::DepartmentNew, &samples::full(LetterKind::DepartmentNew), &office());
    let twice = Templates::new(&BTreeMap::new()).and_then(|templates| {
        templates.render(LetterKind::DepartmentNew, &samples::full(LetterKind::DepartmentNew), &office())
    });
    assert_eq!(once, twice);
}

#[test]
fn the_readme_of_the_templates_names_every_letter_and_every_value() {
    let readme = include_str!("../../templates/README.md");
    for kind in LetterKind::all() {
        let row = format!("| `{}` |", kind.id());
        let line = readme.lines().find(|line| line.starts_with(&row)).unwrap_or_else(|| panic!("{row}"));
        assert_eq!(line.ends_with("| yes |"), kind.spec().needs_person, "{line}");
    }
    let view = View::new(LetterKind::State, &LetterParams::default(), &office());
    let serde_json::Value::Object(values) = serde_json::to_value(view).unwrap() else { panic!("a view is an object") };
    for name in values.keys().filter(|name| *name != "subject") {
        assert!(readme.contains(&format!("`{name}`")) || readme.contains(&format!("`{name}?`")), "{name}");
    }
}
