//! What is written, without how it is laid out. In: a node of an expression. Out: its text on one line. Never true here: two texts for
//! one sequence of tokens, whatever blanks, line breaks and comments stand between them.

use crate::{kind::SyntaxKind as K, tree::Node, word::Word};

/// How a token stands to the one behind it.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    /// It is a value, or the end of one.
    Operand,
    /// A value is still to come, after a blank.
    Operator,
    /// What is behind it stands close to it.
    Opener,
}

impl Node<'_> {
    /// Its text with the one layout that everybody's comes to.
    pub fn one_line(self) -> String {
        let mut out = String::new();
        let mut before = Side::Opener;
        let mut last = K::LParen;
        for token in self.tokens() {
            let is_name = last == K::Dot;
            if !is_close(before, token.kind) {
                out.push(' ');
            }
            let text = self.tree().token_text(token);
            match token.kind {
                // The lines of a `"""` text.
                K::StringText if text.contains('\n') => {
                    let lines: Vec<&str> = text.lines().collect();
                    out.push_str(&lines.join("\\n"));
                }
                _ => out.push_str(text),
            }
            before = match token.kind {
                K::Minus if before != Side::Operand => Side::Opener,
                _ if is_name => Side::Operand,
                K::Word => match token.word {
                    Word::And | Word::Or | Word::Not | Word::In | Word::Is => Side::Operator,
                    Word::If | Word::Then | Word::Else => Side::Operator,
                    _ => Side::Operand,
                },
                kind => side(kind),
            };
            last = token.kind;
        }
        out
    }
}

fn side(kind: K) -> Side {
    match kind {
        K::LParen | K::LBracket | K::Dot | K::DotDot => Side::Opener,
        K::StringStart | K::StringText | K::InterpOpen | K::InterpClose => Side::Opener,
        K::RParen | K::RBracket | K::RBrace | K::StringEnd | K::RawString => Side::Operand,
        K::Backtick | K::Integer | K::Decimal | K::Duration => Side::Operand,
        K::Date | K::Time | K::DateTime | K::DateTimeOnly => Side::Operand,
        _ => Side::Operator,
    }
}

/// Whether a token follows without a blank.
fn is_close(before: Side, kind: K) -> bool {
    match kind {
        K::Dot | K::DotDot | K::Comma | K::Colon | K::RParen | K::RBracket => true,
        K::StringText | K::StringEnd | K::InterpOpen | K::InterpClose => true,
        K::LParen | K::LBracket => before != Side::Operator,
        _ => before == Side::Opener,
    }
}

#[cfg(test)]
mod tests {
    use crate::parse_expression;

    fn one_line(text: &str) -> String {
        let parse = parse_expression(text);
        assert_eq!(parse.errors, [], "{text}");
        let inner = parse.tree.root().children().next().expect("an expression");
        inner.one_line()
    }

    #[test]
    fn a_text_that_is_laid_out_well_stays() {
        for text in [
            "profile.consent == false",
            "not (a.b[0].c ?? -1 > 3) and x in [1, -2, \"c {d + 1}, {e}!\"]",
            "f(a, b: -1).first() in 1..5 or y is missing",
            "if a then b - c else -d",
            "xs.any(x => x.in == 'a') or x.`odd name` != \"\"",
            "f({ a: 1, \"b c\": { } })",
        ] {
            assert_eq!(one_line(text), text);
        }
    }

    #[test]
    fn layout_and_comments_are_nothing() {
        let text =
            "a . b(1,\n  -2)==-3 // why\n  and  not( c [ 0 ] in[1 ..2] )\t or \"{ d }\"is missing";
        let plain = "a.b(1, -2) == -3 and not (c[0] in [1..2]) or \"{d}\" is missing";
        assert_eq!(one_line(text), plain);
        assert_eq!(one_line(plain), plain);
        let long = "a == \"\"\"\n    one {b}\n\n      two\n    \"\"\"";
        assert_eq!(
            one_line(long),
            "a == \"\"\"\\n    one {b}\\n\\n      two\\n    \"\"\""
        );
    }
}
