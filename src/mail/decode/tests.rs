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

/// A letter from lines, with an ordinary head.
fn of(body: &str) -> crate::domain::letter::Letter {
    decode(format!("From: a@b.ua\nSubject: s\n{body}").replace('\n', "\r\n").as_bytes())
}

const ALTERNATIVE: &str = "Content-Type: multipart/alternative; boundary=a\n\n--a\nContent-Type: text/plain; charset=utf-8\n\nтекст\n--a\nContent-Type: text/html; charset=utf-8\n\n<p>текст <b>HTML</b></p>\n--a--\n";

#[test]
fn of_alternatives_the_plain_text_is_the_text() {
    let got = of(ALTERNATIVE);
    assert_eq!((got.text.as_str(), got.html_text.as_str(), got.html_only), ("текст", "текст HTML", false));
    let empty_plain = of(&ALTERNATIVE.replacen("\n\nтекст\n", "\n\n \n", 1));
    assert_eq!((empty_plain.text.as_str(), empty_plain.html_only), ("текст HTML", true));
    let html = of("Content-Type: text/html; charset=utf-8\n\n<p>а</p>");
    assert_eq!((html.text.as_str(), html.html_text.as_str(), html.html_only), ("а", "а", true));
}

#[test]
fn parts_in_a_row_are_joined_and_files_are_attached() {
    let got = of(&format!(
        "Content-Type: multipart/mixed; boundary=m\n\npreamble\n--m\n{ALTERNATIVE}\n--m\nContent-Type: text/plain; charset=utf-8\n\nпідпис списку\n--m\nContent-Type: text/plain; name=\"a.txt\"\nContent-Transfer-Encoding: base64\n\n0JTRj9C60YPRjg==\n--m\nContent-Type: image/png\nContent-Disposition: inline; filename=b.png\nContent-Transfer-Encoding: base64\n\nAAEC\n--m--\nepilogue"
    ));
    assert_eq!(got.text, "текст\n\nпідпис списку");
    assert_eq!(got.html_text, "текст HTML\n\nпідпис списку");
    let files: Vec<_> = got.attachments.iter().map(|one| (one.name.as_str(), one.mime.as_str(), one.size)).collect();
    assert_eq!(files, [("a.txt", "text/plain", 10), ("b.png", "image/png", 3)]);
    assert_eq!(got.attachments[0].text.as_deref(), Some("Дякую"));
    assert_eq!(got.attachments[1].content, [0, 1, 2]);
}

#[test]
fn an_unterminated_multipart_keeps_its_text_and_its_files() {
    let got = of(
        "Content-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: text/plain; charset=windows-1251\nContent-Transfer-Encoding: base64\n\nz/Du+PMg7eDk4PLo\n--m\nContent-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\nJVBERi0x\n",
    );
    assert_eq!(got.text, "Прошу надати");
    assert_eq!((got.attachments[0].name.as_str(), got.attachments[0].content.as_slice()), ("a.pdf", &b"%PDF-1"[..]));
    let cut = of(
        "Content-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n<p>=D0=94=D1=8F</p>",
    );
    assert_eq!(cut.text, "Дя");
}

#[test]
fn raw_headers_are_read_in_the_charset_of_the_body() {
    for (label, bytes) in [
        ("koi8-u", &b"\xf0\xd2\xcf\xdb\xd5 \xce\xc1\xc4\xc1\xd4\xc9 \xa6"[..]),
        ("windows-1251", b"\xcf\xf0\xee\xf8\xf3 \xed\xe0\xe4\xe0\xf2\xe8 \xb3"),
        ("utf-8", "Прошу надати і".as_bytes()),
        ("iso-8859-5", b"\xbf\xe0\xde\xe8\xe3 \xdd\xd0\xd4\xd0\xe2\xd8 \xf6"),
    ] {
        let raw = [
            b"From: ",
            bytes,
            b" <a@b.ua>\r\nSubject: ",
            bytes,
            format!("\r\nContent-Type: text/plain; charset={label}\r\n\r\n").as_bytes(),
            bytes,
            b"\r\n",
        ]
        .concat();
        let got = decode(&raw);
        let all = (got.from.name.as_str(), got.subject.as_str(), got.text.as_str());
        assert_eq!(all, ("Прошу надати і", "Прошу надати і", "Прошу надати і"), "{label}");
        assert!(got.remarks.is_empty(), "{label}: {:?}", got.remarks);
    }
}

#[test]
fn a_false_label_is_told() {
    let raw = [
        &b"From: a@b.ua\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"[..],
        b"\xcf\xf0\xee\xf8\xf3 \xed\xe0\xe4\xe0\xf2\xe8",
    ]
    .concat();
    let got = decode(&raw);
    assert_eq!(got.text, "Прошу надати");
    assert_eq!(got.remarks, ["Кодування тексту в листі зазначено неправильно; його визначено за змістом"]);
}

#[test]
fn enclosed_letters_and_reports_stand_apart() {
    let forwarded = of(
        "Content-Type: multipart/mixed; boundary=m\n\n--m\n\nдив. лист\n--m\nContent-Type: message/rfc822\n\nFrom: b@c.ua\nSubject: =?utf-8?Q?=D0=94?=\nContent-Type: multipart/mixed; boundary=i\n\n--i\n\nвнутрішній\n--i\nContent-Type: message/rfc822\n\nFrom: c@d.ua\n\nглибший\n--i--\n--m--\n",
    );
    assert_eq!(forwarded.text, "див. лист");
    assert_eq!(forwarded.enclosed.len(), 1);
    let inner = &forwarded.enclosed[0];
    assert_eq!(
        (inner.from.address.as_str(), inner.subject.as_str(), inner.text.as_str()),
        ("b@c.ua", "Д", "внутрішній")
    );
    assert!(inner.enclosed.is_empty() && !inner.remarks.is_empty());

    let bounce = of(
        "Return-Path: <>\nContent-Type: multipart/report; report-type=delivery-status; boundary=r\n\n--r\n\nне доставлено\n--r\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@b.ua\nAction: failed\nStatus: 5.1.1\n--r\nContent-Type: message/rfc822\n\nMessage-ID: <appeal.S-000305.ack@cc>\nSubject: x\n\nтіло\n--r--\n",
    );
    assert_eq!(bounce.return_path.as_deref(), Some(""));
    assert_eq!(bounce.text, "не доставлено");
    for part in ["Action: failed", "Status: 5.1.1", "message-id: <appeal.S-000305.ack@cc>"] {
        assert!(bounce.report.contains(part), "{part}: {}", bounce.report);
    }
}

#[test]
fn flowed_text_calendar_uuencode_and_tnef_are_noticed() {
    let flowed = of("Content-Type: text/plain; charset=utf-8; format=flowed\n\nПрошу \nнадати.\n> було \n> так\n");
    assert_eq!(flowed.text, "Прошу надати.\n> було так");
    let rest = of(
        "Content-Type: multipart/mixed; boundary=m\n\n--m\n\nbegin 644 a.bin\n#ABC\nend\n--m\nContent-Type: text/calendar\n\nBEGIN:VCALENDAR\n--m\nContent-Type: application/ms-tnef; name=winmail.dat\n\nx\n--m--\n",
    );
    assert!(rest.has_calendar);
    assert_eq!(rest.remarks.len(), 2, "{:?}", rest.remarks);
    assert_eq!(rest.attachments.len(), 2);
}
