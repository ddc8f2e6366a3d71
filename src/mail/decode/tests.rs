//! Whole letters through `decode`: the shapes that real mailers write, and the ones that attackers write.

use super::decode;

/// Text and html of a letter given as lines.
fn letter(head: &str, body: &str) -> crate::domain::letter::Letter {
    decode(format!("{head}\r\n\r\n{body}").replace('\n', "\r\n").replace("\r\r", "\r").as_bytes())
}

#[test]
fn plain_letter_fills_every_field() {
    let raw = "Return-Path: <o@b.ua>\nReceived: from a by b; Mon, 06 Feb 2023 01:12:00 -0700\nFrom: =?utf-8?B?0J3RltC90LA=?= <N@Gmail.com>\nTo: <c@d.ua>, e@f.ua\nCc: g@h.ua\nReply-To: r@b.ua\nSubject: =?utf-8?B?0YHRg9Cx0YHQuNC00ZbRjw==?=\nDate: Mon, 06 Feb 2023 10:12:00 +0200\nMessage-ID: <1@b>\nIn-Reply-To: <2@b>\nReferences: <3@b>\n <2@b>\nX-A: b\nContent-Type: text/plain; charset=utf-8";
    let got = letter(raw, "Добрий день!\nДякую.");
    assert_eq!((got.from.name.as_str(), got.from.address.as_str(), got.from_count), ("Ніна", "n@gmail.com", 1));
    assert_eq!(
        got.recipients.iter().map(|one| one.address.as_str()).collect::<Vec<_>>(),
        ["c@d.ua", "e@f.ua", "g@h.ua"]
    );
    assert_eq!(got.reply_to.as_ref().map(|one| one.address.as_str()), Some("r@b.ua"));
    assert_eq!(got.return_path.as_deref(), Some("o@b.ua"));
    assert_eq!(got.subject, "субсидія");
    assert_eq!(got.date.map(|date| date.to_rfc3339()).as_deref(), Some("2023-02-06T10:12:00+02:00"));
    assert_eq!(got.received.map(|date| date.to_rfc3339()).as_deref(), Some("2023-02-06T01:12:00-07:00"));
    assert_eq!(got.message_id.as_deref(), Some("1@b"));
    assert_eq!(got.in_reply_to, ["2@b"]);
    assert_eq!(got.references, ["3@b", "2@b"]);
    assert_eq!(got.header("x-a"), Some("b"));
    assert_eq!(got.text, "Добрий день!\nДякую.");
    assert!(got.html_text.is_empty() && !got.html_only && got.remarks.is_empty());
}
