//! Letters that are written in unusual ways, each the least text that shows its rule.

use crate::domain::letter::{Correspondent, Letter};
use crate::domain::reading::{Alarm, Class, Missing, Reading};
use crate::reading::Reader;
use crate::reading::tests::office;
use std::sync::LazyLock;

static READER: LazyLock<Reader> = LazyLock::new(|| Reader::new(&office()));

fn read(name: &str, subject: &str, text: &str) -> Reading {
    READER.read(&Letter {
        from: Correspondent { name: name.into(), address: "somebody@ukr.net".into() },
        from_count: 1,
        subject: subject.into(),
        text: text.into(),
        ..Letter::default()
    })
}

fn temporary(text: &str, expected: &str) {
    let found = read("", "", text).temporary_address.map(|found| found.value).unwrap_or_default();
    assert_eq!(found, expected, "{text}");
}

fn registered(text: &str, expected: &str) {
    let found = read("", "", text).registered_address.map(|found| found.value).unwrap_or_default();
    assert_eq!(found, expected, "{text}");
}

fn spoken_for(text: &str, expected: &str) {
    let found = read("", "", text).representative_of.map(|found| found.value).unwrap_or_default();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn a_region_may_stand_behind_its_settlement() {
    temporary(
        "Тепер я в Решетилівці Полтавської області, вулиця Покровська 21.",
        "Полтавська обл., м. Решетилівка, вул. Покровська, буд. 21",
    );
    temporary(
        "Винаймаю хату: с. Гоголеве Миргородського р-ну Полтавської обл., вул. Козацька, 5",
        "Полтавська обл., с. Гоголеве, вул. Козацька, буд. 5",
    );
    temporary(
        "Живемо в Самарі (колишній Новомосковськ) Дніпропетровської області, вул. Гетьманська 41, кв. 2",
        "Дніпропетровська обл., м. Самар, вул. Гетьманська, буд. 41, кв. 2",
    );
}

#[test]
fn an_address_abroad_stays_as_it_was_written() {
    temporary(
        "Мы сейчас в Германии, 04109 Leipzig, Käthe-Kollwitz-Str. 17. Жду ответа.",
        "Німеччина, 04109 Leipzig, Käthe-Kollwitz-Str. 17",
    );
    temporary("Моя чеська адреса: Plzeň, Koterovská 85, 326 00", "Plzeň, Koterovská 85, 326 00");
}

#[test]
fn a_village_needs_no_street_and_a_stroke_parts_house_and_flat() {
    registered("Прописаний у селі Боброве, будинок 12 (вулиць у нас нема).", "с. Боброве, буд. 12");
    registered(
        "Зареєстрована м. Сєвєродонецьк вул. Гагаріна, 107б/19",
        "м. Сєвєродонецьк, вул. Гагаріна, буд. 107б, кв. 19",
    );
}

#[test]
fn where_others_are_is_not_where_the_applicant_lives() {
    temporary("Син служить, зараз під Куп'янськом. Я зараз у Броварах.", "м. Бровари");
    temporary("У Лимані (Донецька обл.), вул. Незалежності 14, у підвалі сидять мої батьки.", "");
}

#[test]
fn who_never_left_lives_where_he_is_registered() {
    let reading = read("Ніна Коваль", "", "Живу як і жила в Сєвєродонецьку, вул. Федоренка 19, кв. 2. Чи буде вода?");
    assert!(!reading.missing.contains(&Missing::TemporaryAddress), "{:?}", reading.missing);
    assert!(!reading.missing.contains(&Missing::RegisteredAddress), "{:?}", reading.missing);
}

#[test]
fn names_in_small_letters_and_as_an_object_are_found() {
    for (text, surname) in [
        ("чи є психолог мене звати світлана гребенюк живу в кобеляках", "Гребенюк"),
        ("Мене, Савицького Аркадія Львовича, звільнено. Прошу видати трудову книжку.", "Савицький"),
    ] {
        let found = read("", "", text).surname.map(|found| found.value);
        assert_eq!(found.as_deref(), Some(surname), "{text}");
    }
    assert_eq!(read("Леся та Павло", "", "Коли буде вода?").surname, None);
}

#[test]
fn a_grown_son_is_spoken_for_and_the_dead_and_the_called_are_not() {
    spoken_for(
        "Мій син Пономаренко Кирило Андрійович служить з 2022. Прошу з'ясувати, де його посвідчення УБД.\nІрина Коваль",
        "Пономаренко Кирило Андрійович (син)",
    );
    spoken_for("Моя сестра Шевчук Інна Василівна, 1979 р.н., померла. Прошу оформити опіку.\nОксана Коваль", "");
    spoken_for("Прошу повернути кошти.\nТкач Микола Лукич. Ткач Ніна (дружина) 0664127745", "");
    spoken_for("Які виплати від громади і де подавати документи, якщо ми прописані тут? Підписи додаю.", "");
    spoken_for(
        "Ми, вчителі та працівники школи (усього 31 підпис), просимо пояснень.\nБондарчук Лілія Романівна",
        "вчителі та працівники школи",
    );
}

#[test]
fn a_repeated_appeal_with_all_its_data_is_an_appeal() {
    let text = "Я Гриб Василь Іванович. 5 жовтня я писав вам про відсутність води в нашому гуртожитку. Відповіді не отримав. \
                Води немає вже 11 днів. Вимагаю негайно відновити водопостачання. Буду скаржитись журналістам.\n\
                Прописаний: с. Воєводівка, вул. Лугова, 3. Живу: м. Кам'янське, вул. Харківська 24";
    let reading = read("", "", text);
    assert_eq!(reading.class, Class::Appeal);
    assert_eq!(reading.alarm.map(|found| found.value), Some(Alarm::Media));
}

#[test]
fn what_was_stolen_and_sold_is_reported() {
    let reading = read("", "", "Керівник хабу виносить продукти через чорний вхід і продає на базарі.");
    assert_eq!(reading.alarm.map(|found| found.value), Some(Alarm::Corruption));
}

#[test]
fn a_department_whose_name_is_cut_short_is_still_pretended() {
    let reading =
        read("УПРАВЛІННЯ ПРАЦІ ТА СОЦІАЛЬНОГО ЗАХИСТУ", "S-000455", "Підтвердіть пароль тут: http://x.example");
    assert_eq!(reading.class, Class::Spam);
}

#[test]
fn the_quotation_of_ukr_net_is_cut_off() {
    let text =
        "Дякую!\n\n27 жовтня 2023, 15:20:11, від \"Контактний центр\" <9a010722@gmail.com>:\n\nВиплату поновлено.";
    let reading = read("Ніна Ткаченко", "Re: Відповідь", text);
    assert_eq!(reading.class, Class::FollowUp);
    assert!(!reading.essence.unwrap_or_default().contains("поновлено"));
}

#[test]
fn a_street_belongs_to_the_settlement_that_its_sentence_named() {
    temporary(
        "Живу у Вінниці в центрі для переселенців (вул. Хмельницьке шосе 145).",
        "м. Вінниця, Хмельницьке шосе, буд. 145",
    );
    temporary(
        "Винаймаємо в Дніпрі від адміністрації кімнату на вул. Чернишевського 11, кімн. 214.",
        "м. Дніпро, вул. Чернишевського, буд. 11, кімн. 214",
    );
    temporary(
        "Проживаю: с. Велика Омеляна, Рівненський район, вул. Шевченка 3",
        "с. Велика Омеляна, вул. Шевченка, буд. 3",
    );
}

#[test]
fn who_forwards_and_says_where_he_is_registered_writes_for_himself() {
    let text = "Пересилаю відмову школи, прошу втрутитись. Москаль Олена Вікторівна, 0501127788, Гагаріна 51, кв. 3 (реєстрація)\n\n\
                ---------- Forwarded message ---------\nВід: Ліцей <l@school.example>\nSubject: Відмова\n\nМісць немає. Директор Бабій О.Р.";
    let reading = read("", "Fwd: Відмова", text);
    assert_eq!((reading.class, reading.surname.map(|found| found.value)), (Class::Appeal, Some("Москаль".to_owned())));
}

#[test]
fn a_letter_in_latin_letters_is_read_and_its_essence_kept_as_written() {
    let text = "Dobryi vechir. Ya Dovhal Arkhyp Ihorovych, propyska Sievierodonetsk vul. Donetska 12 kv. 5, \
                zhyvu v Dnipri, vul. Robocha 24 kv. 8. Skazhit bud laska, chy mozhna otrymaty kompensatsiiu za orendu?";
    let reading = read("Arkhyp Dovhal", "", text);
    let value =
        |found: Option<crate::domain::reading::Found<String>>| found.map(|found| found.value).unwrap_or_default();
    assert_eq!(value(reading.patronymic), "Ігорович");
    assert_eq!(value(reading.temporary_address), "м. Дніпро, вул. Робоча, буд. 24, кв. 8");
    assert_eq!(reading.departments.first().map(|best| best.code.as_str()), Some("soc"));
    assert!(reading.essence.unwrap_or_default().contains("chy mozhna otrymaty"));
}

#[test]
fn who_says_that_he_does_not_complain_does_not() {
    let reading = read("Ніна Коваль", "", "Пенсію отримую, не скаржусь. Прошу підтвердити мій стаж.");
    assert_eq!(reading.kind.map(|found| found.value), Some(crate::domain::reading::Kind::Application));
}
