// SPDX-License-Identifier: GPL-3.0-or-later
//! Two characters of a Chinese, Japanese or Korean run at a time, other words whole.
//!
//! Tantivy's own NgramTokenizer gives every token the position 0, so that no phrase can be asked for;
//! this one counts them. The last character of a run is a token of its own: what begins with a
//! character tells where it stands.
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

#[derive(Clone, Default)]
pub struct Bigrams {
    token: Token,
}

pub struct Stream<'a> {
    text: &'a str,
    at: usize,
    position: usize,
    token: &'a mut Token,
}

impl Tokenizer for Bigrams {
    type TokenStream<'a> = Stream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream<'a> {
        self.token.reset();
        Stream {
            text,
            at: 0,
            position: 0,
            token: &mut self.token,
        }
    }
}

fn is_paired(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
        && c.is_alphanumeric()
}

impl Stream<'_> {
    fn peek(&self, at: usize) -> Option<char> {
        self.text[at..].chars().next()
    }

    fn give(&mut self, to: usize) {
        self.token.offset_from = self.at;
        self.token.offset_to = to;
        self.token.position = self.position;
        self.token.text.clear();
    }

    /// The character that ends at `next`, and the one behind it where that is of the same run.
    fn give_pair(&mut self, next: usize) {
        let second = self.peek(next).filter(|&c| is_paired(c));
        let to = next + second.map_or(0, char::len_utf8);
        self.give(to);
        self.token.text.push_str(&self.text[self.at..to]);
        self.at = next;
        self.position += 1;
    }

    fn give_word(&mut self) {
        let rest = &self.text[self.at..];
        let len = rest
            .find(|c: char| !c.is_alphanumeric() || is_paired(c))
            .unwrap_or(rest.len());
        self.give(self.at + len);
        self.token
            .text
            .extend(rest[..len].chars().flat_map(char::to_lowercase));
        self.at += len;
        self.position += 1;
    }
}

impl TokenStream for Stream<'_> {
    fn advance(&mut self) -> bool {
        while let Some(c) = self.peek(self.at) {
            if is_paired(c) {
                self.give_pair(self.at + c.len_utf8());
                return true;
            }
            if c.is_alphanumeric() {
                self.give_word();
                return true;
            }
            self.at += c.len_utf8();
            self.position += 1; // so that no phrase crosses the end of a run
        }
        false
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}
