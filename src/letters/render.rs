//! A letter from its parameters: subject, plain text, HTML. The same values always give the same bytes.
//!
//! Invariants: a letter that lacks what `kind` says it needs is an error, never a letter with a hole; a name that a
//! template has and the view has not is an error; values are never read as templates; the number stands in front of the
//! subject whatever the template says, and the subject is one line.

use crate::domain::office::Office;
use crate::letters::kind::LetterKind;
use crate::letters::params::LetterParams;
use crate::letters::samples;
use crate::letters::templates::BUILT_IN;
use crate::letters::view::{MOST_ROWS, View, needed_name, one_line, plural};
use crate::letters::wrap::wrap;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, Value, escape_formatter};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Longest subject in characters, the number included.
const LONGEST_SUBJECT: usize = 200;

/// Most steps of one template; the largest letter (500 rows) takes a tenth.
const FUEL: u64 = 1_000_000;

/// A letter that can be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line; begins with the number in square brackets where there is one.
    pub subject: String,
    /// Plain text, lines of 72 characters, line ends `\n`.
    pub text: String,
    /// A whole HTML document without pictures, scripts and links.
    pub html: String,
}

/// Why a letter could not be written.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum RenderError {
    /// A value is missing that the letter cannot do without.
    #[error("the letter \"{letter}\" cannot be written without {needed}")]
    Missing {
        /// Key of the letter.
        letter: &'static str,
        /// Name of the value.
        needed: &'static str,
    },
    /// More rows than one letter may carry.
    #[error("the letter \"{letter}\" has more than {MOST_ROWS} rows")]
    TooMany {
        /// Key of the letter.
        letter: &'static str,
    },
    /// A template is wrong.
    #[error("the template {name}{} cannot be used: {what}", line.map(|line| format!(", line {line},")).unwrap_or_default())]
    Template {
        /// Name of the template.
        name: String,
        /// The line in it, from 1.
        line: Option<usize>,
        /// What is wrong.
        what: String,
    },
}

/// The templates in use: the built-in ones, some of them replaced by the office's own.
#[derive(Debug)]
pub struct Templates {
    environment: Environment<'static>,
}

static EMBEDDED: LazyLock<Result<Templates, String>> =
    LazyLock::new(|| Templates::new(&BTreeMap::new()).map_err(|error| error.to_string()));

/// Writes a letter with the built-in templates.
///
/// # Errors
/// See [`Templates::render`].
pub fn render(kind: LetterKind, params: &LetterParams, office: &Office) -> Result<Rendered, RenderError> {
    match &*EMBEDDED {
        Ok(templates) => templates.render(kind, params, office),
        Err(what) => Err(RenderError::Template { name: "(built in)".to_owned(), line: None, what: what.clone() }),
    }
}

impl Templates {
    /// The built-in templates with these put in their place, by name (`registered/body.txt.j2`).
    ///
    /// # Errors
    /// A template that does not parse, or a name that no letter has.
    pub fn new(own: &BTreeMap<String, String>) -> Result<Self, RenderError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_fuel(Some(FUEL));
        environment.set_formatter(|out, state, value| {
            if value.is_none() {
                // Strict about undefined names, minijinja would print this as "None".
                return Err(Error::new(
                    ErrorKind::InvalidOperation,
                    "an absent value is printed; ask with {% if %} first",
                ));
            }
            escape_formatter(out, state, value)
        });
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
        environment.set_syntax(syntax.map_err(|error| wrong("(syntax)", &error))?);
        environment.set_auto_escape_callback(|name| {
            if name.ends_with(".html.j2") { AutoEscape::Html } else { AutoEscape::None }
        });
        environment.add_filter("paragraphs", paragraphs);
        environment.add_filter("sentence", sentence);
        environment
            .add_function("plural", |count: u64, one: Value, few: Value, many: Value| plural(count, one, few, many));
        for (name, text) in BUILT_IN {
            environment.add_template(name, text).map_err(|error| wrong(name, &error))?;
        }
        let mut templates = Self { environment };
        own.iter().try_for_each(|(name, text)| templates.replace(name, text))?;
        Ok(templates)
    }

    /// Puts an office's own template in the place of a built-in one.
    fn replace(&mut self, name: &str, text: &str) -> Result<(), RenderError> {
        if !BUILT_IN.iter().any(|(built_in, _)| *built_in == name) {
            let what = "no letter has a template of this name; see templates/README.md".to_owned();
            return Err(RenderError::Template { name: name.to_owned(), line: None, what });
        }
        self.environment.add_template_owned(name.to_owned(), text.to_owned()).map_err(|error| wrong(name, &error))
    }

    /// Writes a letter.
    ///
    /// # Errors
    /// A value that the letter needs is missing, or a replaced template is wrong.
    pub fn render(&self, kind: LetterKind, params: &LetterParams, office: &Office) -> Result<Rendered, RenderError> {
        let letter = kind.id();
        if let Some(needed) = kind.spec().needed.iter().find(|needed| !params.has(**needed)) {
            return Err(RenderError::Missing { letter, needed: needed_name(*needed) });
        }
        if params.rows.len() > MOST_ROWS {
            return Err(RenderError::TooMany { letter });
        }
        let mut view = View::new(kind, params, office);
        let words = one_line(&self.one(&format!("{letter}/subject.txt.j2"), &view)?);
        let number = params.number.as_deref().map(one_line).filter(|number| !number.is_empty());
        let subject = number.map_or_else(|| words.clone(), |number| format!("[{number}] {words}"));
        view.subject = subject.chars().take(LONGEST_SUBJECT).collect();
        let text = wrap(&self.one(&format!("{letter}/body.txt.j2"), &view)?);
        let html = self.one(&format!("{letter}/body.html.j2"), &view)?;
        Ok(Rendered { subject: view.subject, text, html })
    }

    /// Writes every part of every letter, with everything and with nothing but the necessary: what is wrong with the
    /// office's own templates, all of it, each once.
    pub fn check(own: &BTreeMap<String, String>, office: &Office) -> Vec<RenderError> {
        let mut templates = match Self::new(&BTreeMap::new()) {
            Ok(templates) => templates,
            Err(error) => return vec![error],
        };
        let mut wrong: Vec<RenderError> =
            own.iter().filter_map(|(name, text)| templates.replace(name, text).err()).collect();
        for kind in LetterKind::all() {
            for params in [samples::full(kind), samples::bare(kind)] {
                let view = View::new(kind, &params, office);
                for part in ["subject.txt.j2", "body.txt.j2", "body.html.j2"] {
                    let error = templates.one(&format!("{}/{part}", kind.id()), &view).err();
                    wrong.extend(error.filter(|error| !wrong.contains(error)));
                }
            }
        }
        wrong
    }

    fn one(&self, name: &str, view: &View) -> Result<String, RenderError> {
        let template = self.environment.get_template(name).map_err(|error| wrong(name, &error))?;
        template.render(Serde(view)).map_err(|error| wrong(name, &error))
    }
}

/// Kind, place and detail of a mistake; never the values of the letter.
fn wrong(name: &str, error: &Error) -> RenderError {
    let place = error.name().unwrap_or(name);
    let detail = error.detail().map(|detail| format!(" ({detail})")).unwrap_or_default();
    let what = format!("{}{detail}", error.kind());
    RenderError::Template { name: place.to_owned(), line: error.line(), what }
}

/// Text of people as HTML paragraphs, escaped.
fn paragraphs(text: &str) -> Value {
    let mut html = String::new();
    for paragraph in text.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty()) {
        html.push_str("<p style=\"margin:0 0 16px 0;\">");
        for (index, line) in paragraph.lines().enumerate() {
            if index > 0 {
                html.push_str("<br>\n");
            }
            html.push_str(&escaped(line));
        }
        html.push_str("</p>\n");
    }
    Value::from_safe_string(html)
}

/// Text with a full stop where it has no end of its own.
fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '!', '?', '…']) { text.to_owned() } else { format!("{text}.") }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

#[cfg(test)]
#[path = "render_tests.rs"]
mod tests;
