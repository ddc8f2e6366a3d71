//! Unwanted mail: advertising, fraud, begging with a card number, false departments.
//!
//! Several independent signs must come together (wording, links or a card, a sender that the server calls forged, no
//! personal data), since an appeal taken for spam is worse than spam taken for an appeal.

use crate::domain::letter::Letter;
use crate::domain::office::Office;
use crate::reading::body::Body;
use crate::reading::fold::is_letter;
use crate::reading::folded::{Folded, Words, plain};
use crate::reading::pattern::Pattern;
use crate::reading::spam_terms::{BEGGING, CITIZEN, FRAUD, PHISHING, SALE};
use crate::reading::terms::{Terms, listed};
use std::sync::LazyLock;

/// Points from which a letter is spam.
const SPAM: i32 = 4;

/// Fewest words of a department's name that only its own letters bear.
const MIN_NAME_WORDS: usize = 4;

/// What was found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Unwanted, and why.
    Spam(&'static str),
    /// A letter of somebody.
    Clean,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// Gambling, easy income, prizes, crypto.
    Fraud,
    /// Fishing for passwords and payments.
    Phishing,
    /// Goods and services for sale.
    Sale,
    /// Asks strangers for money.
    Begging,
    /// What a citizen writes and a seller does not.
    Citizen,
}

static SIGNS: LazyLock<Terms<Sign>> = LazyLock::new(|| {
    let lists: [(&str, Sign); 5] = [
        (FRAUD, Sign::Fraud),
        (PHISHING, Sign::Phishing),
        (SALE, Sign::Sale),
        (BEGGING, Sign::Begging),
        (CITIZEN, Sign::Citizen),
    ];
    Terms::new(lists.into_iter().flat_map(|(terms, sign)| listed(terms).map(move |term| (term, sign))))
});

static LINK: Pattern =
    Pattern::new(r"(?i)(https?://|www\.|bit\.ly|t\.me/|[\w-]\.(xyz|top|club|site|online|shop|click|info)([/\s]|$))");
static CARD: Pattern = Pattern::new(r"(?-u:\b)[0-9]{4}[ \-]?[0-9]{4}[ \-]?[0-9]{4}[ \-]?[0-9]{4}(?-u:\b)");
static PHONE: Pattern = Pattern::new(r"(\+?38)?[\s(]*0[\s(]*\d{2}[\s)\-]*\d([\s\-]*\d){6}");

/// The departments as a sender may call himself, folded.
#[derive(Debug, Default)]
pub struct Departments {
    names: Vec<String>,
    /// Only those of several words: a single one ("соцзахист") is no name of a sender.
    aliases: Vec<String>,
}

impl Departments {
    /// Those of an office.
    pub fn of(office: &Office) -> Self {
        let aliases = office.departments.iter().flat_map(|department| &department.aliases).map(|alias| plain(alias));
        Self {
            names: office.departments.iter().map(|department| plain(&department.name)).collect(),
            aliases: aliases.filter(|alias| alias.contains(' ')).collect(),
        }
    }

    /// Whether the sender calls himself one of our departments and writes from another address.
    pub fn pretended(&self, letter: &Letter, office: &Office) -> bool {
        let name = plain(&letter.from.name);
        let words = name.split(' ').filter(|word| !word.is_empty()).count();
        if words == 0
            || office.department_by_email(&letter.from.address).is_some()
            || office.is_own(&letter.from.address)
        {
            return false;
        }
        let named = self.names.iter().any(|full| {
            // An official name is also borne cut short, by its first words.
            name.contains(full) || words >= MIN_NAME_WORDS && full.starts_with(&name)
        }) || self.aliases.contains(&name);
        let domain = letter.from.address.split('@').nth(1).unwrap_or_default();
        let copied = office.departments.iter().any(|department| {
            let (local, own) = department.email.split_once('@').unwrap_or_default();
            let label = own.split('.').next().unwrap_or_default();
            let same_local = letter.from.address.split('@').next().is_some_and(|theirs| theirs == local);
            !label.is_empty()
                && domain != own
                && (same_local && domain.contains(label) || domain.starts_with(&format!("{label}-")))
        });
        named || copied
    }
}

/// Whether a letter is unwanted. `forged`: our mail server says that the sender is another.
pub fn spam(letter: &Letter, (body, words): (&Body, Words<'_>), known_number: bool, forged: bool) -> Verdict {
    let subject = Folded::new(&letter.subject);
    let (mut fraud, mut phishing, mut sale, mut begging, mut citizen) = (0, 0, 0, 0, 0);
    for hit in SIGNS.hits(words).chain(SIGNS.hits(&subject)) {
        *match hit.value {
            Sign::Fraud => &mut fraud,
            Sign::Phishing => &mut phishing,
            Sign::Sale => &mut sale,
            Sign::Begging => &mut begging,
            Sign::Citizen => &mut citizen,
        } += 1;
    }
    let wording = 3 * fraud.min(2) + 2 * phishing.min(3) + 2 * sale.min(2) + 2 * begging.min(2);
    if wording == 0 {
        return Verdict::Clean;
    }
    let link = LINK.is_match(&body.own) || LINK.is_match(&letter.html_text);
    let card = CARD.is_match(&body.own);
    let latin = is_latin(&body.own);
    let carrier = 2 * i32::from(link) + 3 * i32::from(card && begging > 0) + 2 * i32::from(forged) + i32::from(latin);
    let person = 2 * i32::from(PHONE.is_match(&body.own) && sale == 0) + citizen.min(4) + 3 * i32::from(known_number);
    if wording + carrier - person < SPAM {
        return Verdict::Clean;
    }
    Verdict::Spam(if begging > 0 && (card || link) {
        "прохання про гроші з номером картки або посиланням"
    } else if fraud > 0 {
        "шахрайська пропозиція"
    } else if phishing > 0 {
        "виманювання даних або грошей"
    } else {
        "реклама"
    })
}

fn is_latin(text: &str) -> bool {
    let latin = text.chars().filter(char::is_ascii_alphabetic).count();
    let all = text.chars().filter(|letter| is_letter(*letter)).count();
    all > 40 && latin * 10 > all * 9
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::letter::Correspondent;

    #[test]
    fn patterns_compile() {
        for pattern in [&LINK, &CARD, &PHONE] {
            pattern.assert_compiles();
        }
    }

    fn check(text: &str, forged: bool, unwanted: bool) {
        let letter = Letter { text: text.into(), ..Letter::default() };
        let body = Body { own: text.into(), ..Body::default() };
        let folded = Folded::new(text);
        let verdict = spam(&letter, (&body, folded.words()), false, forged);
        assert_eq!(verdict != Verdict::Clean, unwanted, "{text}");
    }

    #[test]
    fn several_signs_make_spam() {
        check("Маємо пропозицію пасивного доходу для мешканців.", true, true);
        check("Прошу переказати, скільки можете, на картку 5168 0000 2222 3333 або http://x.example/m", true, true);
        check("Комерційна пропозиція: вікна від виробника, знижки, www.okna.example", false, true);
        check("Ваш обліковий запис буде заблоковано, перейдіть за посиланням http://x.example", false, true);
        check("You won the lottery, million dollars, contact our agent http://x.example", false, true);
        check(
            "Прошу повернути кошти на картку 5168 0000 2222 3333, прописка Гагаріна, 5, тел. 066 123 45 67",
            false,
            false,
        );
        check("Банк нараховує відсотки за кредит, допоможіть. Живу: вул. Робоча, 5", false, false);
        check("Волонтери оголосили збір на одяг, чи можна долучитися?", false, false);
        check("Маю пропозицію: поставити лавки біля хабу.", false, false);
    }

    #[test]
    fn a_department_writes_from_its_own_address() {
        let office: Office = crate::reading::tests::office();
        for (name, address, pretended) in [
            ("Управління праці та соціального захисту населення", "soc.smva@gmail.com", true),
            ("Управління соцзахисту", "uszn@mail.example", true),
            ("Соцзахист", "soc@smva-gov.example", true),
            ("Управління соцзахисту", "soc@smva.example", false),
            ("Олена Коваленко", "olena@gmail.com", false),
            ("Приймальня ОДА", "pryimalnia@luhansk-ova.example", false),
        ] {
            let letter =
                Letter { from: Correspondent { name: name.into(), address: address.into() }, ..Letter::default() };
            assert_eq!(Departments::of(&office).pretended(&letter, &office), pretended, "{name} {address}");
        }
    }
}
