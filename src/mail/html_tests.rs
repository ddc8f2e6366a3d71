//! What a reader sees of an HTML letter, as text.

use super::html::to_text;

fn check(html: &str, want: &str) {
    assert_eq!(to_text(html), want, "{html}");
}

#[test]
fn lines_end_where_a_reader_sees_them_end() {
    check("<div>Добрий день!</div><div><br></div><div>Прошу</div>", "Добрий день!\n\nПрошу");
    check("а<br>б<br/>в<br />г", "а\nб\nв\nг");
    check("<p>один</p><p>два</p>", "один\n\nдва");
    check("<p class=MsoNormal>один</p><p class=\"MsoNormal\">два</p>", "один\nдва");
    check("<div>а<div>б<div>в</div></div></div>г", "а\nб\nв\nг");
    check("<h1>Скарга</h1>текст", "Скарга\n\nтекст");
    check("а<hr>б", "а\n________________________________\nб");
    check("<pre>а\n  б</pre>в", "а\n  б\nв");
    check("  а \n\t б&nbsp;в  ", "а б\u{a0}в");
    check("сл<b>ов</b>о <i>два</i>", "слово два");
    check("<br><br><p>текст</p><br><br>", "текст");
    check("а<br><br><br><br><br>б", "а\n\n\nб");
}

#[test]
fn lists_have_their_marks() {
    check("<ul><li>а</li><li>б</li></ul>", "- а\n- б");
    check("<ol start=3><li>а<li>б</ol>в", "3. а\n4. б\nв");
    check("<ol><li>а<ul><li>б</li></ul></li><li>в</li></ol>", "1. а\n- б\n2. в");
    check("<li>сам</li>", "- сам");
}

#[test]
fn a_row_of_data_is_one_line() {
    check(
        "<table><tr><th>Номер</th><th>Стан</th></tr><tr><td><p>S-000305</p></td><td>Виконано<br>15.02</td></tr></table>кінець",
        "Номер | Стан\nS-000305 | Виконано 15.02\nкінець",
    );
    check("<table><tr><td>а<td>б<tr><td>в<td>г</table>", "а | б\nв | г");
    check("<table><tr><td></td><td>лише</td></tr></table>", "лише");
    // A table that lays out a letter is not a row of data.
    check("<table><tr><td><p>а</p><p>б</p></td></tr></table>", "а\n\nб");
    check(
        "<table><tr><td><table><tr><td>а</td><td>б</td></tr><tr><td>в</td><td>г</td></tr></table></td></tr></table>",
        "а | б\nв | г",
    );
    let long = "<br>рядок".repeat(20);
    assert!(!to_text(&format!("<table><tr><td>{long}</td><td>б</td></tr></table>")).contains(" | "));
}

#[test]
fn quotations_are_marked() {
    check("відповідь<blockquote type=cite>було<br>так</blockquote>кінець", "відповідь\n> було\n> так\nкінець");
    check("<blockquote><p>а</p><p>б</p></blockquote>", "> а\n>\n> б");
    check("<blockquote>а<blockquote>б</blockquote>в</blockquote>", "> а\n>> б\n> в");
    check("<blockquote class=gmail_quote style=\"margin:0;border:none\">а</blockquote>", "> а");
    // Gmail indents with the same element.
    check("<blockquote style=\"margin:0 0 0 40px; border: none;\">відступ</blockquote>", "відступ");
    check("</blockquote>а", "а");
}

#[test]
fn what_is_not_shown_is_left_out() {
    check("<style>p{}</style><script>x('</p>')</script>а", "а");
    check("<head><title>т</title><meta charset=x></head><body>а</body>", "а");
    check("<div style=\"DISPLAY: none\">приховано<div>і це</div></div>видно", "видно");
    check("<span style='mso-hide:all'>x</span>видно<span hidden>y</span>", "видно");
    check("<!-- <p>ні</p> -->а<!--[if mso]>Word<![endif]-->б<![if !mso]>в<![endif]>", "абв");
    check("<o:p></o:p>а<o:p>&nbsp;</o:p>", "а\u{a0}");
    check("<img alt=фото src=\"data:,a>b\">а", "а");
    // A letter that is hidden as a whole is shown all the same.
    check("<div style='display:none'>усе", "усе");
}

#[test]
fn references_become_characters() {
    check("&laquo;Зірка&raquo; &#8470;5 &#x457; &amp;lt; &lt;b&gt;", "«Зірка» №5 ї &lt; <b>");
    check("a&nbsp;b&nbspc &quot;x&quot;", "a\u{a0}b\u{a0}c \"x\"");
    check("&#146;&#150;", "’–");
    check("&unknown; AT&T &; &#; &#xffffffff; 5 & 6", "&unknown; AT&T &; &#; &#xffffffff; 5 & 6");
    check("&iukcy;&YIcy; &Zcy;", "іЇ З");
}

#[test]
fn broken_html_loses_no_text() {
    check("а < б і в > г", "а < б і в > г");
    check("<div>а</span></div></div>б", "а\nб");
    check("<p>а<p>б", "а\n\nб");
    check("текст <", "текст <");
    check("<a href=\"x>текст</a>", "текст");
    check("<a title=\"1>2\">текст</a>", "текст");
    check("<td>а</td><td>б</td></tr>в", "а\nб\nв");
    check("5<10", "5<10");
}
