//! What programs and companies add to a letter: lines of mobile clients, disclaimers, antivirus notes, scanners' notes.
//!
//! Such lines are nobody's words. A line is dropped only as a whole, and only in the wordings listed here, so that a
//! sentence of a person that mentions an iPhone or asks for confidentiality stays.

use crate::reading::pattern::Pattern;

/// Longest line that can be a client's line, in bytes; a person's paragraph is longer.
const MAX_CLIENT_LINE: usize = 200;

static CLIENT: Pattern = Pattern::new(concat!(
    r"(?i)^[\s\-–—_*>]*(надіслано|відправлено|написано|переслано|отправлено|послано|sent|get|отримайте|скачать|download)[\s:]",
    r".{0,70}(iphone|ipad|ios|android|samsung|galaxy|xiaomi|redmi|poco|huawei|honor|nokia|oppo|realme|motorola|",
    r"пристро|мобільн|смартфон|телефон|планшет|устройств|мобильн|mail\.ru|ukr\.net|i\.ua|meta\.ua|gmail|outlook|",
    r"yahoo|proton|thunderbird|icloud|почт|пошт|mobile|phone|device|mail for|viber|bluemail|spark|aqua)",
));

static DISCLAIMER: Pattern = Pattern::new(concat!(
    r"(?i)(^[\s*_>]*(this (e-?mail|message|communication|email)|the information (contained )?in this|confidential",
    r"|disclaimer|privileged|please consider the environment|virus-free|scanned (from|by|with)|this e-?mail was",
    r"|(це|цей|дане|даний|ця) (електронн\w* )?(повідомлення|лист\w*|пошт\w*|кореспонденц\w*)",
    r" (та |і |й |або )?(\S+ ){0,6}(може|можуть|містит\w*|призначен\w*|перевірен\w*|є конфіденційн\w*|надіслан\w* автоматично|",
    r"сформован\w* автоматично|створен\w* автоматично)",
    r"|(это|данное|эта) (электронн\w* )?(сообщение|письмо|переписка) (\S+ ){0,6}(может|содержит|предназначен|проверен|является конфид)",
    r"|застереження|конфіденційн(о|ість|а інформація)\s*[:.!]|перевірено антивірус|без вірусів|відскановано|скановано",
    r"|перш ніж (друкувати|роздрук)|подумайте про (довкілля|природу)|бережіть (природу|довкілля)|збережіть дерев",
    r"|не друкуйте цей|цей лист (був )?(надісланий|відправлений|надіслано|відправлено) (з|із|через) (форм|сайт)",
    r"|письмо отправлено (с|через) (форм|сайт)))",
    r"|(intended (solely |only )?for the|intended recipient|received this (e-?mail|message) in error|",
    r"отримали (цей лист|це повідомлення|його) помилково|получили (это|данное) (письмо|сообщение) по ошибке|комерційн\w+ таємниц\w+\.?$)",
));

static PICTURE: Pattern =
    Pattern::new(r"(?i)^\s*(\[(cid|image|зображення|рисунок)[:\s][^\]]*\]|<image\d*\.\w+>|\[image\d*\.\w+\])\s*$");

static SCANNER: Pattern = Pattern::new(concat!(
    r"(?i)^\s*(scanned (from|by|with)|this e-?mail was sent from|message from (km|hp|canon|xerox|ricoh|kyocera)|",
    r"(document|file) (name|format|size|type)\s*:|number of images|attachment file type|device (name|model|location)|",
    r"multifunction|mfp(\W|$)|scan (date|time|from|to)|відскановано|скановано|отсканировано)",
));

static SCANNER_DETAIL: Pattern =
    Pattern::new(r"(?i)^\s*(date|time|дата|час|pages?|сторінок|resolution|from|model|format|size)\s*:.{0,60}$");

/// Whether a program or a company, not a person, wrote this line.
pub fn is_noise(line: &str) -> bool {
    let short = line.len() <= MAX_CLIENT_LINE && line.chars().count() <= 110;
    (short && (CLIENT.is_match(line) || PICTURE.is_match(line) || SCANNER.is_match(line))) || DISCLAIMER.is_match(line)
}

/// The text without the lines of programs; blank lines at both ends are gone too.
pub fn without_noise(text: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut scanned = false;
    for line in text.lines() {
        if SCANNER.is_match(line) {
            scanned = true;
        } else if !(is_noise(line) || scanned && SCANNER_DETAIL.is_match(line)) {
            kept.push(line);
        }
    }
    kept.join("\n").trim_matches(|letter: char| letter == '\n' || letter == '\r').trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_compile() {
        for pattern in [&CLIENT, &DISCLAIMER, &PICTURE, &SCANNER, &SCANNER_DETAIL] {
            pattern.assert_compiles();
        }
    }

    #[test]
    fn lines_of_programs_are_noise_and_words_of_people_are_not() {
        for line in [
            "Надіслано з iPhone",
            "Надіслано з пристрою Galaxy",
            "Надіслано з мобільного пристрою Android за допомогою K-9 Mail.",
            "Отправлено с моего телефона Xiaomi",
            "Відправлено з пошти ukr.net",
            "Sent from my iPad",
            "Get Outlook for Android",
            "Sent from Mail for Windows 10",
            "Отправлено из мобильной Почты Mail.ru",
            "This email was sent from a secure system.",
            "Це повідомлення може містити комерційну таємницю.",
            "Цей електронний лист та додатки до нього можуть містити конфіденційну інформацію.",
            "Конфіденційно: лист призначено лише адресатові",
            "Якщо Ви отримали цей лист помилково, видаліть його.",
            "Без вірусів. www.avast.com",
            "[cid:image001.png@01D8A1B2]",
            "Scanned from MFP.",
            "Перш ніж друкувати цей лист, подумайте про довкілля",
        ] {
            assert!(is_noise(line), "{line}");
        }
        for line in [
            "Отправлено заявление в Пенсионный фонд ещё в марте.",
            "Прошу зберегти конфіденційність мого звернення.",
            "Надіслано вам три звернення, відповіді немає.",
            "Це повідомлення про зламаний ліфт я пишу втретє.",
            "Мені потрібен телефон психолога.",
            "Цей лист пишу вам від імені всіх сусідів.",
        ] {
            assert!(!is_noise(line), "{line}");
        }
    }

    #[test]
    fn of_a_scanner_nothing_stays() {
        assert_eq!(without_noise("Scanned from MFP.\nDate: 21.02.2023 12:28\n"), "");
        assert_eq!(without_noise("\nПрошу допомогти.\n\nНадіслано з iPhone\n"), "Прошу допомогти.");
    }
}
