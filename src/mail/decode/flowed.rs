//! format=flowed (RFC 3676): soft line ends are joined, space-stuffing removed, quote depth kept.

/// Unfolds a flowed text whose line ends are `\n` or `\r\n`. `delsp`: the space before a soft end is deleted too.
pub fn unfold(text: &str, delsp: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open: Option<usize> = None;
    for line in text.split('\n') {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let quoted = line.trim_start_matches('>');
        let depth = line.len().saturating_sub(quoted.len());
        let content = quoted.strip_prefix(' ').unwrap_or(quoted);
        let signature = content == "-- ";
        let continues = open == Some(depth) && !signature;
        if !continues {
            if open.is_some() {
                close(&mut out);
            }
            if depth > 0 {
                out.extend(std::iter::repeat_n('>', depth));
                out.push(' ');
            }
        }
        if content.ends_with(' ') && !signature {
            let kept = if delsp { content.strip_suffix(' ').unwrap_or(content) } else { content };
            out.push_str(kept);
            open = Some(depth);
        } else {
            out.push_str(content);
            out.push('\n');
            open = None;
        }
    }
    if open.is_none() {
        out.pop();
    }
    out
}

/// Ends a paragraph whose last soft line has no continuation.
fn close(out: &mut String) {
    out.truncate(out.trim_end_matches(' ').len());
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn soft_ends_are_joined_by_quote_depth() {
        for (raw, delsp, want) in [
            ("a \nb\nc", false, "a b\nc"),
            ("a \nb", true, "ab"),
            ("> a \n> b\nc", false, "> a b\nc"),
            ("> a \nb", false, "> a\nb"),
            (" >not a quote", false, ">not a quote"),
            ("text \n-- \nname", false, "text\n-- \nname"),
            ("a\r\n\r\nb", false, "a\n\nb"),
        ] {
            assert_eq!(unfold(raw, delsp), want, "{raw:?}");
        }
    }
}
