//! Attachments with text, and containers that lie.

use std::io::{Cursor, Write};

use crate::domain::letter::Attachment;

use super::text;

fn zip(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, body) in parts {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(body.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn read(name: &str, mime: &str, content: &[u8]) -> Option<String> {
    text(&Attachment { name: name.into(), mime: mime.into(), content: content.to_vec(), ..Attachment::default() })
}

#[test]
fn a_word_document_gives_paragraphs_and_rows() {
    let body = "<?xml version=\"1.0\"?><w:document><w:body><w:p><w:r><w:t>Заява</w:t></w:r></w:p>\
        <w:p><w:r><w:t xml:space=\"preserve\">Прошу </w:t></w:r><w:del><w:r><w:t>не </w:t></w:r></w:del><w:r><w:t>відремонтувати &amp; пофарбувати &#171;дах&#187;</w:t><w:br/><w:t>дякую</w:t></w:r></w:p>\
        <w:tbl><w:tr><w:tc><w:p><w:r><w:t>Телефон</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>050</w:t></w:r></w:p></w:tc></w:tr></w:tbl>\
        <mc:AlternateContent><mc:Choice><w:p><w:r><w:t>рамка</w:t></w:r></w:p></mc:Choice><mc:Fallback><w:p><w:r><w:t>рамка</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent>\
        </w:body></w:document>";
    let got = read("zayava.docx", "application/octet-stream", &zip(&[("word/document.xml", body)]));
    assert_eq!(got.as_deref(), Some("Заява\nПрошу відремонтувати & пофарбувати «дах»\nдякую\nТелефон | 050\nрамка"));
}

#[test]
fn an_open_document_gives_paragraphs_and_spaces() {
    let body = "<office:document-content><office:body><office:text><text:tracked-changes><text:p>стерте</text:p></text:tracked-changes>\
        <text:h>Скарга</text:h><text:p>Добрий<text:s text:c=\"2\"/>день<text:line-break/>рядок</text:p>\
        <table:table><table:table-row><table:table-cell><text:p>а</text:p></table:table-cell><table:table-cell><text:p>б</text:p></table:table-cell></table:table-row></table:table>\
        </office:text></office:body></office:document-content>";
    let got = read("x.odt", "application/vnd.oasis.opendocument.text", &zip(&[("content.xml", body)]));
    assert_eq!(got.as_deref(), Some("Скарга\nДобрий  день\nрядок\nа | б"));
}

#[test]
fn hostile_containers_give_nothing() {
    let entities = "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><w:document><w:p><w:t>&a;</w:t></w:p></w:document>";
    let bomb = format!("<w:document><w:p><w:t>{}</w:t></w:p></w:document>", " ".repeat(20 << 20));
    for (name, content) in [
        ("doctype", zip(&[("word/document.xml", entities)])),
        ("more than 16 MB inflated", zip(&[("word/document.xml", &bomb)])),
        ("no body", zip(&[("word/other.xml", "<a/>")])),
        ("cut", zip(&[("word/document.xml", "<w:t>текст</w:t>")])[..60].to_vec()),
        ("garbage", b"PK\x03\x04garbage".to_vec()),
    ] {
        assert_eq!(read("a.docx", "", &content), None, "{name}");
    }
}

#[test]
fn rich_text_is_read_in_its_charsets() {
    for (raw, want) in [
        (
            &br"{\rtf1\ansi\ansicpg1251{\fonttbl{\f0 Arial;}}{\*\generator x;}\f0 \'cf\'f0\'ee\'f8\'f3\par \'b3 \'bf}"
                [..],
            "Прошу\nі ї",
        ),
        (br"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset204 A;}{\f1\fcharset0 B;}}\f0 \'cf\'f0\f1 \'e9}", "Прé"),
        (br"{\rtf1\uc1 \u1055?\u1088?\u8217?\line{\pict 00ff}\tab x}", "Пр’\n\tx"),
        (br"{\rtf1 a\{b\}\\{\info{\title secret}}c}", "a{b}\\c"),
        (br"{\rtf1\trowd a\cell b\cell\row c}", "a | b |\nc"),
    ] {
        assert_eq!(read("x.rtf", "application/rtf", raw).as_deref(), Some(want));
    }
    let deep = [b"{\\rtf1 ".to_vec(), b"{".repeat(100_000), b"a".to_vec()].concat();
    assert_eq!(read("x.rtf", "", &deep).as_deref(), Some("a"));
}

#[test]
fn plain_files_are_read_in_any_charset() {
    let utf16: Vec<u8> = [0xfeff].into_iter().chain("Заява".encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for (name, content, want) in [
        ("a.txt", "Заява".as_bytes(), Some("Заява")),
        ("a.txt", b"\xc7\xe0\xff\xe2\xe0 \xef\xf0\xee \xf0\xe5\xec\xee\xed\xf2", Some("Заява про ремонт")),
        ("a.TXT", &utf16, Some("Заява")),
        ("a.htm", "<p>Заява</p>".as_bytes(), Some("Заява")),
        ("a.txt", b"\0\0\0", None),
        ("a.exe", "Заява".as_bytes(), None),
    ] {
        assert_eq!(read(name, "application/octet-stream", content).as_deref(), want, "{name}");
    }
}

#[test]
fn a_pdf_that_is_damaged_or_has_no_text_gives_none() {
    for content in [&b"%PDF-1.4\n"[..], b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<</Root 1 0 R>>", b"nonsense"] {
        assert_eq!(super::pdf::text(content), None);
    }
}
