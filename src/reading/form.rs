//! Letters that a web form wrote: `Поле: значення` lines of a site, where the fields hold what a person typed.
//!
//! A form is recognised by its fields (a message and at least two of name, e-mail, phone, address, subject), not by the
//! sender: sites differ. Everything of it stays readable for the readers of persons and addresses; only the author,
//! the subject and the matter are taken from the fields.

use crate::reading::pattern::Pattern;

/// Fewest fields besides the message that make a form.
const MIN_FIELDS: usize = 2;

static FIELD: Pattern = Pattern::new(concat!(
    r"(?i)^[\s*•\-–]*(?:",
    r"(ваше\s+)?(?P<name>п\.?\s?і\.?\s?б\.?|ф\.?\s?и\.?\s?о\.?|ім'?я|ім’я|имя|прізвище[^:|\t]{0,40}|повне ім.я|name|your[- ]name|full name|заявник|відправник|від кого)",
    r"|(ваш\w*\s+)?(?P<email>e-?mail|електронна (пошта|адреса)|ел\.? ?(пошта|адреса)|пошта|email адреса|адреса e-?mail|адреса електронної пошти|your[- ]email|эл\.? ?почта|электронная почта|почта|зворотна адреса)",
    r"|(ваш\w*\s+|контактний\s+|мобільний\s+|номер\s+)?(?P<phone>телефон\w*|тел\.?|моб\.?( тел\.?)?|phone|your[- ]phone)",
    r"|(?P<address>(зареєстрована |фактична |поштова |домашня )?адреса[^:|\t]{0,40}|прописка|місце (реєстрації|проживання)[^:|\t]{0,30}|реєстрація|проживання|адрес|address|місто|населений пункт|вулиця|тимчасове[^:|\t]{0,30})",
    r"|(?P<subject>тема( звернення| повідомлення| листа)?|subject|предмет звернення|категорія|рубрика|вид звернення|тип звернення)",
    r"|(?P<message>(ваше\s+)?(текст\w*|зміст|суть|опис|повідомлення|питання|запитання|звернення|коментар|сообщение|обращение|вопрос|message|your[- ]message|comment)( (звернення|повідомлення|питання|листа|проблеми|обращения|сообщения))?)",
    r")\s*\*?\s*(?::|\||\t| = |$)\s*(?P<value>.*)$",
));

static FOOTER: Pattern = Pattern::new(concat!(
    r"(?i)^[\s\-–—_*]*($|--|this e-?mail was sent|цей лист|це повідомлення|лист (надіслан|сформован)|надіслано (з|через) (сайт|форм)|",
    r"письмо отправлено|отправлено (с|через)|ip[- ]?(адреса|address)?\s*:|user[- ]agent|дата\s*:|date\s*:|час\s*:|сторінка\s*:|url\s*:|page\s*:|згод\w+ на обробку)",
));

/// What a person typed into a form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    /// Value of the name field.
    pub name: String,
    /// Value of the e-mail field.
    pub email: String,
    /// Value of the subject field.
    pub subject: String,
    /// Value of the message field, all its lines.
    pub message: String,
}

/// The form that a text is, if it is one.
pub fn read_form(text: &str) -> Option<Form> {
    let mut form = Form::default();
    let mut fields = 0_usize;
    let mut has_message = false;
    let mut current = Slot::None;
    for line in text.lines() {
        if let Some((slot, value)) = field(line) {
            if slot == Slot::Message && has_message {
                push(&mut form, Slot::Message, line);
                continue;
            }
            has_message |= slot == Slot::Message;
            fields += usize::from(slot != Slot::Message);
            push(&mut form, slot, value);
            current = slot;
        } else if FOOTER.is_match(line) && !line.trim().is_empty() {
            current = Slot::None;
        } else {
            push(&mut form, current, line);
            if current != Slot::Message {
                current = if line.trim().is_empty() { current } else { Slot::None };
            }
        }
    }
    form.message.truncate(form.message.trim_end().len());
    let whole = has_message && !form.message.trim().is_empty() && fields >= MIN_FIELDS;
    let known = !form.name.is_empty() || !form.email.is_empty();
    (whole && known).then_some(form)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Slot {
    None,
    Name,
    Email,
    Subject,
    Message,
    Other,
}

fn push(form: &mut Form, slot: Slot, value: &str) {
    let value = value.trim();
    let target = match slot {
        Slot::Name => &mut form.name,
        Slot::Email => &mut form.email,
        Slot::Subject => &mut form.subject,
        Slot::Message => &mut form.message,
        Slot::None | Slot::Other => return,
    };
    if slot != Slot::Message && !target.is_empty() {
        if slot == Slot::Name && !value.is_empty() {
            target.push(' ');
            target.push_str(value);
        }
        return;
    }
    if !target.is_empty() {
        target.push('\n');
    }
    target.push_str(value);
}

fn field(line: &str) -> Option<(Slot, &str)> {
    if line.chars().count() > 400 && !line.contains(':') {
        return None;
    }
    let captures = FIELD.captures(line)?;
    let value = captures.name("value").map_or("", |value| value.as_str()).trim();
    let slot = if captures.name("name").is_some() {
        Slot::Name
    } else if captures.name("email").is_some() {
        Slot::Email
    } else if captures.name("subject").is_some() {
        Slot::Subject
    } else if captures.name("message").is_some() {
        Slot::Message
    } else {
        Slot::Other
    };
    Some((slot, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_compile() {
        FIELD.assert_compiles();
        FOOTER.assert_compiles();
    }

    #[test]
    fn the_fields_of_a_form_are_what_a_person_typed() {
        let text = "Нове звернення з сайту\n\nПІБ: Коваль Ірина Петрівна\nE-mail: iryna@ukr.net\nТелефон: 0661234567\n\
                    Тема: субсидія\nТекст звернення: Прошу пояснити,\nчому зняли субсидію.\n\n--\nЦей лист надіслано з форми";
        let form = read_form(text).unwrap();
        assert_eq!(form.name, "Коваль Ірина Петрівна");
        assert_eq!(form.email, "iryna@ukr.net");
        assert_eq!(form.subject, "субсидія");
        assert_eq!(form.message, "Прошу пояснити,\nчому зняли субсидію.");
        let table = "Ім'я\tІван Сич\nПошта\ti@i.ua\nПовідомлення\nКоли дадуть світло?";
        assert_eq!(read_form(table).map(|form| form.message).as_deref(), Some("Коли дадуть світло?"));
    }

    #[test]
    fn an_ordinary_letter_is_no_form() {
        for text in [
            "Прошу допомогти.\nСич Іван\nТел.: 0661234567\nПрописка: Гагаріна, 5",
            "Заявник: Скляр Тамара\nРеєстрація: Єгорова, 5\nТелефон: 067-0132-500",
            "Питання: чому немає води?",
        ] {
            assert_eq!(read_form(text), None, "{text}");
        }
    }
}
