//! Folders by their use (RFC 6154), whatever they are called: Gmail names its folders in the language of the account.

use super::super::mail_error::{MailError, MailTrouble};
use super::dialogue::Dialogue;
use super::names;
use async_imap::imap_proto::{MailboxDatum, NameAttribute, Response};

/// Opens a folder in the settings that is named by its use: `\Junk`.
const MARK: char = '\\';

/// The use that a name of the settings means; `None`: it is a plain name.
fn meant(folder: &str) -> Option<NameAttribute<'static>> {
    match folder.to_ascii_lowercase().as_str() {
        "\\junk" => Some(NameAttribute::Junk),
        "\\sent" => Some(NameAttribute::Sent),
        "\\all" => Some(NameAttribute::All),
        "\\archive" => Some(NameAttribute::Archive),
        "\\trash" => Some(NameAttribute::Trash),
        _ => None,
    }
}

/// The folder as it is written in a command.
pub(super) async fn written(dialogue: &mut Dialogue, folder: &str) -> Result<String, MailError> {
    const STEP: &str = "open the folder";
    let name = match meant(folder) {
        Some(usage) => {
            let found = find(dialogue, &usage).await?;
            let found = found.ok_or_else(|| dialogue.error("find the folder by its use", MailTrouble::Refused))?;
            // The name comes from the server and is in its own writing already.
            names::quoted(&found)
        }
        None if folder.starts_with(MARK) => None,
        None => names::quoted_folder(folder),
    };
    name.ok_or_else(|| dialogue.error(STEP, MailTrouble::Setting))
}

/// The name of the folder of this use, as the server writes it; `None` if it has none.
pub(super) async fn find(dialogue: &mut Dialogue, usage: &NameAttribute<'static>) -> Result<Option<String>, MailError> {
    let mut folder = None;
    dialogue
        .command("list the folders", "LIST \"\" \"*\"", |response| {
            if let Response::MailboxData(MailboxDatum::List(data)) = response
                && data.name_attributes.contains(usage)
            {
                folder = Some(data.name.to_string());
            }
        })
        .await?;
    Ok(folder)
}
