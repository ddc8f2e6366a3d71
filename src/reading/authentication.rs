//! What our own mail server says about a sender: the header Authentication-Results (RFC 8601).
//!
//! Anybody can write such a line into his letter, so only the topmost one counts that bears the name of a server of ours
//! (`authserv-id`, compared whole): our server writes its line above all that came with the letter. The line is read by
//! its grammar, since a comment or a quoted reason may hold words that the sender chose. Never asked: the DNS.

use crate::domain::letter::Letter;
use crate::domain::reading::Authenticity;

/// Most results of one line that are read.
const MAX_RESULTS: usize = 50;

/// One result: `dkim=pass header.i=@smva.example`.
#[derive(Debug, Default, PartialEq, Eq)]
struct Outcome {
    method: String,
    result: String,
    /// `header.from`, `smtp.mailfrom` … with their values.
    properties: Vec<(String, String)>,
}

/// What the servers with these names say of the sender of a letter; without names the topmost line is taken for ours.
pub fn authenticity(letter: &Letter, ours: &[String]) -> Authenticity {
    if letter.from_count > 1 {
        return Authenticity::Failed;
    }
    let lines = letter.headers.iter().filter(|(name, _)| name == "authentication-results");
    let is_ours = |id: &str| ours.is_empty() || ours.iter().any(|own| own.eq_ignore_ascii_case(id));
    let Some(outcomes) = lines.filter_map(|(_, value)| read(value)).find(|(id, _)| is_ours(id)).map(|(_, all)| all)
    else {
        return Authenticity::Silent;
    };
    judge(&outcomes, domain_of(&letter.from.address))
}

fn judge(outcomes: &[Outcome], from: &str) -> Authenticity {
    let dmarc = outcomes.iter().find(|outcome| outcome.method == "dmarc");
    match dmarc.map(|dmarc| (dmarc, dmarc.result.as_str())) {
        Some((dmarc, "pass")) => {
            let same = dmarc.property("header.from").is_none_or(|domain| aligned(domain, from));
            return if same { Authenticity::Confirmed } else { Authenticity::Failed };
        }
        Some((_, "fail")) => return Authenticity::Failed,
        Some((_, "temperror" | "permerror")) => return Authenticity::Doubtful,
        // "none": the domain has no rule; the two mechanisms under it decide.
        Some(_) | None => {}
    }
    let confirmed = |outcome: &&Outcome| {
        let domain = match outcome.method.as_str() {
            "dkim" => outcome.property("header.i").or_else(|| outcome.property("header.d")),
            "spf" => outcome.property("smtp.mailfrom"),
            _ => None,
        };
        outcome.result == "pass" && domain.is_some_and(|domain| aligned(domain_of(domain), from))
    };
    if outcomes.iter().find(confirmed).is_some() {
        return Authenticity::Confirmed;
    }
    let any = |results: &[&str]| {
        let mechanism = |outcome: &&Outcome| matches!(outcome.method.as_str(), "dkim" | "spf");
        outcomes.iter().filter(mechanism).any(|outcome| results.contains(&outcome.result.as_str()))
    };
    if any(&["fail"]) {
        Authenticity::Failed
    } else if any(&["softfail", "temperror", "permerror"]) {
        Authenticity::Doubtful
    } else {
        Authenticity::Silent
    }
}

impl Outcome {
    fn property(&self, name: &str) -> Option<&str> {
        self.properties.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// The domain of an address; a bare domain is itself.
fn domain_of(address: &str) -> &str {
    address.rsplit('@').next().unwrap_or(address)
}

/// Whether a domain is that of From or one above or below it (the relaxed alignment of RFC 7489, § 3.1, as far as it can
/// be told without a list of public suffixes: a bare top-level name never counts).
fn aligned(domain: &str, from: &str) -> bool {
    let (domain, from) = (domain.trim_end_matches('.').to_lowercase(), from.trim_end_matches('.').to_lowercase());
    let below = |inner: &str, outer: &str| {
        outer.contains('.') && inner.strip_suffix(outer).is_some_and(|rest| rest.ends_with('.'))
    };
    !from.is_empty() && (domain == from || below(&domain, &from) || below(&from, &domain))
}

/// Name of the server and its results; `None` if the line is not of that form.
fn read(value: &str) -> Option<(String, Vec<Outcome>)> {
    let plain = without_comments(value);
    let mut parts = split(&plain, ';').into_iter();
    // Behind the name a version may stand.
    let id = parts.next()?.split_whitespace().next()?.to_owned();
    let outcomes = parts.take(MAX_RESULTS).filter_map(|part| outcome(&part)).collect();
    Some((unquoted(&id), outcomes))
}

fn outcome(part: &str) -> Option<Outcome> {
    let mut words = split(part, ' ').into_iter().filter(|word| !word.trim().is_empty());
    let (method, result) = words.next().and_then(|first| pair(&first))?;
    // "dkim/1=pass" names a version of the method.
    let method = method.split('/').next().unwrap_or_default().to_owned();
    Some(Outcome { method, result: result.to_lowercase(), properties: words.filter_map(|word| pair(&word)).collect() })
}

fn pair(word: &str) -> Option<(String, String)> {
    let (name, value) = word.split_once('=')?;
    Some((name.trim().to_lowercase(), unquoted(value.trim())))
}

fn unquoted(text: &str) -> String {
    text.trim_matches('"').replace('\\', "")
}

/// A line without its comments, which may be nested; blanks around "=" go as well, other white space becomes a blank.
fn without_comments(value: &str) -> String {
    let (mut plain, mut depth, mut quoted, mut escaped) = (String::new(), 0_u32, false, false);
    for letter in value.chars() {
        if escaped {
            escaped = false;
            if depth == 0 {
                plain.push(letter);
            }
            continue;
        }
        match letter {
            '\\' if quoted || depth > 0 => {
                escaped = true;
                if depth == 0 {
                    plain.push(letter);
                }
            }
            '"' if depth == 0 => {
                quoted = !quoted;
                plain.push(letter);
            }
            '(' if !quoted => depth = depth.saturating_add(1),
            ')' if !quoted && depth > 0 => {
                depth -= 1;
                plain.push(' ');
            }
            _ if depth > 0 => {}
            white if white.is_whitespace() && !quoted => plain.push(' '),
            other => plain.push(other),
        }
    }
    while plain.contains(" =") || plain.contains("= ") {
        plain = plain.replace(" =", "=").replace("= ", "=");
    }
    plain
}

/// Pieces between separators that do not stand in quotes.
fn split(text: &str, separator: char) -> Vec<String> {
    let (mut pieces, mut quoted, mut escaped) = (vec![String::new()], false, false);
    for letter in text.chars() {
        if !escaped && !quoted && letter == separator {
            pieces.push(String::new());
            continue;
        }
        quoted ^= !escaped && letter == '"';
        escaped = !escaped && letter == '\\';
        if let Some(piece) = pieces.last_mut() {
            piece.push(letter);
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::letter::Correspondent;

    const OURS: &str = "mx.google.com";

    fn letter(lines: &[&str]) -> Letter {
        let header = |line: &&str| ("authentication-results".to_owned(), (*line).to_owned());
        Letter {
            from: Correspondent { name: String::new(), address: "soc@smva.example".into() },
            headers: lines.iter().map(header).collect(),
            ..Letter::default()
        }
    }

    fn check(lines: &[&str], expected: Authenticity) {
        assert_eq!(authenticity(&letter(lines), &[OURS.to_owned()]), expected, "{lines:?}");
    }

    #[test]
    fn what_our_server_says_of_the_sender() {
        check(&[], Authenticity::Silent);
        check(&["mx.google.com; dmarc=pass (p=NONE) header.from=smva.example"], Authenticity::Confirmed);
        check(
            &["mx.google.com; spf=pass smtp.mailfrom=a@x.example; dmarc=fail header.from=smva.example"],
            Authenticity::Failed,
        );
        check(&["mx.google.com; dmarc=pass header.from=evil.example"], Authenticity::Failed);
        check(&["mx.google.com; dmarc=temperror header.from=smva.example"], Authenticity::Doubtful);
        check(&["mx.google.com; dkim=pass header.i=@mail.smva.example; spf=fail"], Authenticity::Confirmed);
        check(&["mx.google.com; dkim=pass header.i=@evil.example; spf=softfail"], Authenticity::Doubtful);
        check(&["mx.google.com; spf=pass smtp.mailfrom=soc@smva.example; dmarc=none"], Authenticity::Confirmed);
        check(&["mx.google.com; spf=neutral; dkim=none"], Authenticity::Silent);
        check(&["mx.google.com 1; none"], Authenticity::Silent);
        check(&["mx.google.com; dkim=pass header.i=@example"], Authenticity::Silent);
    }

    #[test]
    fn a_line_that_the_sender_wrote_does_not_count() {
        let forged = "mx.google.com; dmarc=pass header.from=smva.example";
        check(&["mx.google.com; dmarc=fail header.from=smva.example", forged], Authenticity::Failed);
        check(&["mx.evil.example; dmarc=pass header.from=smva.example"], Authenticity::Silent);
        check(&["mx.google.com.evil.example; dmarc=fail header.from=smva.example"], Authenticity::Silent);
        check(
            &["spam.filter; x=y", "MX.google.com; dmarc=fail header.from=smva.example", forged],
            Authenticity::Failed,
        );
    }

    #[test]
    fn words_in_comments_and_quotes_are_no_results() {
        for line in [
            "mx.google.com; spf=fail (domain of \"; dmarc=pass\" (nested) ; dkim=pass header.i=@smva.example) smtp.mailfrom=a@x.example",
            "mx.google.com; spf=fail reason=\"x; dmarc=pass header.from=smva.example\" smtp.mailfrom=a@x.example",
            "mx.google.com; spf = fail (a \\) b; dmarc=pass) smtp.mailfrom=a@x.example",
        ] {
            check(&[line], Authenticity::Failed);
        }
        check(
            &["mx.google.com (mail (in)) 1 ; dmarc (p=NONE) = pass header.from = smva.example"],
            Authenticity::Confirmed,
        );
    }

    #[test]
    fn without_a_name_of_ours_the_topmost_line_is_ours() {
        let line = "any.example; dmarc=fail header.from=smva.example";
        assert_eq!(authenticity(&letter(&[line]), &[]), Authenticity::Failed);
    }

    #[test]
    fn a_letter_of_several_senders_is_nobodys() {
        let several = Letter { from_count: 2, ..letter(&["mx.google.com; dmarc=pass header.from=smva.example"]) };
        assert_eq!(authenticity(&several, &[OURS.to_owned()]), Authenticity::Failed);
    }
}
