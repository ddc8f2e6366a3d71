//! Was a letter sent after all? Servers such as Gmail keep a copy of what they took in the folder with the attribute
//! `\Sent` (RFC 6154), whose name is translated ("Надіслані"). Asked after a reply to DATA was lost.

use super::super::mail_error::{MailError, MailTrouble};
use super::{Limits, Place, Proof, login, names, special};
use async_imap::imap_proto::{MailboxDatum, NameAttribute, Response};

/// For each Message-ID (without angle brackets) whether it is in the folder of sent letters; `None` if the server
/// keeps no such folder, so that absence would prove nothing.
pub async fn find_in_sent(
    place: &Place,
    proof: &Proof,
    limits: &Limits,
    message_ids: &[&str],
) -> Result<Option<Vec<bool>>, MailError> {
    let mut dialogue = login::log_in(place, proof, limits).await?;
    let Some(folder) = special::find(&mut dialogue, &NameAttribute::Sent).await? else { return Ok(None) };
    // The name comes from the server and is in its own writing already.
    let step = "open the folder of sent letters";
    let name = names::quoted(&folder).ok_or_else(|| dialogue.error(step, MailTrouble::Protocol))?;
    dialogue.command(step, &format!("EXAMINE {name}"), |_| {}).await?;
    let mut found = Vec::with_capacity(message_ids.len());
    for id in message_ids {
        let step = "search for a sent letter";
        let id = names::quoted(&format!("<{id}>")).ok_or_else(|| dialogue.error(step, MailTrouble::Setting))?;
        let mut hits = 0;
        dialogue
            .command(step, &format!("UID SEARCH HEADER Message-ID {id}"), |response| {
                if let Response::MailboxData(MailboxDatum::Search(uids)) = response {
                    hits += uids.len();
                }
            })
            .await?;
        found.push(hits > 0);
    }
    let _ = tokio::time::timeout(limits.done, dialogue.command("log out", "LOGOUT", |_| {})).await;
    Ok(Some(found))
}
