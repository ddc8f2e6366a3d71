//! Names whose vocative no rule gives, as data.

/// Nominative and vocative, where a vowel changes, a vowel drops, or the ending is not that of the rule.
pub(crate) const IRREGULAR: &[(&str, &str)] = &[
    // і → о, е in the open syllable.
    ("Антін", "Антоне"),
    ("Федір", "Федоре"),
    ("Сидір", "Сидоре"),
    ("Яків", "Якове"),
    ("Прокіп", "Прокопе"),
    ("Тихін", "Тихоне"),
    ("Тиміш", "Тимоше"),
    ("Микифір", "Микифоре"),
    ("Нестір", "Несторе"),
    ("Григір", "Григоре"),
    ("Хведір", "Хведоре"),
    ("Ничипір", "Ничипоре"),
    // Full names in -я after a consonant.
    ("Ілля", "Ілле"),
    ("Зоря", "Зоре"),
    ("Мотря", "Мотре"),
    ("Катря", "Катре"),
    ("Химря", "Химре"),
    // Third declension.
    ("Любов", "Любове"),
    ("Нінель", "Нінеле"),
    ("Юдиф", "Юдифе"),
    ("Есфір", "Есфіре"),
];

/// Names that stay as they are though a rule would change them.
pub(crate) const INVARIABLE: &[&str] = &[
    "Мішель",
    "Ніколь",
    "Рашель",
    "Естель",
    "Аннабель",
    "Ізабель",
    "Крістель",
    "Ассоль",
    "Севіль",
    "Анаїс",
    "Отто",
    "Гвідо",
    "Бруно",
    "Хуго",
    "Леонардо",
    "Антоніо",
    "Маріо",
    "Серхіо",
    "Педро",
    "Пабло",
];

/// Men's names in -р whose -р is soft in other cases (Ігоря, Лазаря).
pub(crate) const SOFT_R: &[&str] = &["Ігор", "Лазар", "Цезар"];
