// SPDX-License-Identifier: GPL-3.0-or-later
//! Tantivy: bench_tantivy index DIR JSONL THREADS, bench_tantivy ask DIR QUESTIONS, bench_tantivy version
//!
//! As its documentation has it for speed: one writer with a thread for each processor and a large
//! arena, documents added rather than updated, one commit, merges waited for; facets by aggregations
//! over fast fields.
mod bigrams;

use serde::Deserialize;
use std::borrow::Cow;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::ops::Bound;
use std::time::Instant;
use tantivy::aggregation::agg_req::Aggregations;
use tantivy::aggregation::agg_result::{AggregationResult, BucketResult};
use tantivy::aggregation::AggregationCollector;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{AllQuery, BooleanQuery, Occur, PhraseQuery, Query, RangeQuery, TermQuery};
use tantivy::schema::{
    Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions, Value, FAST, INDEXED, STORED,
    STRING,
};
use tantivy::tokenizer::{TextAnalyzer, TokenStream, Tokenizer};
use tantivy::{DocAddress, Index, IndexWriter, Order, Searcher, TantivyDocument, Term};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const FACETS: [&str; 5] = ["platform", "section", "author", "lang", "label"];
const SHOWN: usize = 10;
const ARENA: usize = 256 << 20; // bytes, of all threads together
const AUTHORS: usize = 2000; // a segment gives all its values, so that the ten most frequent are right

#[derive(Deserialize)]
struct Record<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    url: Cow<'a, str>,
    #[serde(borrow)]
    platform: Cow<'a, str>,
    #[serde(borrow)]
    section: Cow<'a, str>,
    #[serde(borrow)]
    author: Cow<'a, str>,
    #[serde(borrow)]
    lang: Cow<'a, str>,
    #[serde(borrow)]
    label: Cow<'a, str>,
    #[serde(borrow)]
    published_at: Cow<'a, str>,
    views: u64,
    #[serde(borrow)]
    title: Cow<'a, str>,
    #[serde(borrow)]
    text: Cow<'a, str>,
}

fn schema() -> Schema {
    let mut b = Schema::builder();
    let words = TextOptions::default().set_stored().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer("bigrams")
            .set_index_option(IndexRecordOption::WithFreqsAndPositions),
    );
    b.add_text_field("id", STRING | STORED);
    b.add_text_field("url", STORED);
    for name in FACETS {
        b.add_text_field(name, STRING | FAST);
    }
    b.add_u64_field("published_at", INDEXED | FAST);
    b.add_u64_field("views", FAST);
    b.add_text_field("title", words.clone());
    b.add_text_field("text", words);
    b.build()
}

fn opened(dir: &str) -> Outcome<Index> {
    let index = if fs::exists(format!("{dir}/meta.json"))? {
        Index::open_in_dir(dir)?
    } else {
        Index::create_in_dir(dir, schema())?
    };
    index
        .tokenizers()
        .register("bigrams", TextAnalyzer::from(bigrams::Bigrams::default()));
    Ok(index)
}

fn index(dir: &str, path: &str, threads: usize) -> Outcome<()> {
    let index = opened(dir)?;
    let s = index.schema();
    let at = |name| s.get_field(name);
    let facets = [
        at(FACETS[0])?,
        at(FACETS[1])?,
        at(FACETS[2])?,
        at(FACETS[3])?,
        at(FACETS[4])?,
    ];
    let (id, url, day, views, title, text) = (
        at("id")?,
        at("url")?,
        at("published_at")?,
        at("views")?,
        at("title")?,
        at("text")?,
    );
    let mut writer: IndexWriter = index.writer_with_num_threads(threads, ARENA)?;
    let mut lines = BufReader::with_capacity(1 << 16, File::open(path)?);
    let mut line = String::new();
    while lines.read_line(&mut line)? > 0 {
        let r: Record = serde_json::from_str(&line)?;
        let mut d = TantivyDocument::new();
        d.add_text(id, &r.id);
        d.add_text(url, &r.url);
        for (field, value) in
            facets
                .iter()
                .zip([&r.platform, &r.section, &r.author, &r.lang, &r.label])
        {
            d.add_text(*field, value);
        }
        d.add_u64(
            day,
            r.published_at
                .chars()
                .filter(char::is_ascii_digit)
                .collect::<String>()
                .parse()?,
        );
        d.add_u64(views, r.views);
        d.add_text(title, &r.title);
        d.add_text(text, &r.text);
        writer.add_document(d)?;
        line.clear();
    }
    writer.commit()?;
    writer.wait_merging_threads()?;
    Ok(())
}

struct Engine {
    searcher: Searcher,
    tokenizer: bigrams::Bigrams,
    texts: [Field; 2],
    section: Field,
    day: Field,
    facets: Aggregations,
}

impl Engine {
    /// Pairs that begin with a character, a pair, or a phrase of the fewest pairs that cover the
    /// string: every second one, and the last.
    fn phrase(&mut self, field: Field, string: &str, how: IndexRecordOption) -> Box<dyn Query> {
        let mut terms = Vec::new();
        self.tokenizer.token_stream(string).process(&mut |t| {
            terms.push((t.position, Term::from_field_text(field, &t.text)));
        });
        let single = terms.pop().expect("a string has a character").1;
        match terms.len() {
            0 => {
                let after = string
                    .chars()
                    .map(|c| char::from_u32(c as u32 + 1).unwrap())
                    .collect::<String>();
                let end = Term::from_field_text(field, &after);
                Box::new(RangeQuery::new(
                    Bound::Included(single),
                    Bound::Excluded(end),
                ))
            }
            1 => Box::new(TermQuery::new(terms.remove(0).1, how)),
            n => {
                let mut i = 0;
                terms.retain(|_| {
                    i += 1;
                    i % 2 == 1 || i == n
                });
                Box::new(PhraseQuery::new_with_offset(terms))
            }
        }
    }

    fn query(&mut self, mode: &str, op: &str, strings: &[&str]) -> Box<dyn Query> {
        if op == "all" {
            return Box::new(AllQuery);
        }
        let how = if mode == "ten" {
            IndexRecordOption::WithFreqs
        } else {
            IndexRecordOption::Basic
        };
        let mut parts: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        for string in strings {
            let either = self.texts.map(|field| self.phrase(field, string, how));
            let occur = if op == "or" {
                Occur::Should
            } else {
                Occur::Must
            };
            parts.push((occur, Box::new(BooleanQuery::union(either.into()))));
        }
        if mode == "filter" {
            // All in one, or strings joined by OR would be free to be missing beside what must be there.
            parts = vec![(Occur::Must, Box::new(BooleanQuery::new(parts)))];
            let day = |n| Bound::Included(Term::from_field_u64(self.day, n));
            let section = TermQuery::new(
                Term::from_field_text(self.section, "s03"),
                IndexRecordOption::Basic,
            );
            parts.push((Occur::Must, Box::new(section)));
            parts.push((
                Occur::Must,
                Box::new(RangeQuery::new(day(20200101), day(20201231))),
            ));
        }
        Box::new(BooleanQuery::new(parts))
    }

    fn given<K>(&self, hits: &[(K, DocAddress)]) -> Outcome<u64> {
        let mut bytes = 0;
        for (_, address) in hits {
            let d: TantivyDocument = self.searcher.doc(*address)?;
            for field in self.texts {
                bytes += d
                    .get_first(field)
                    .and_then(|v| v.as_str())
                    .map_or(0, str::len);
            }
        }
        Ok(bytes as u64)
    }

    fn answer(&mut self, mode: &str, op: &str, strings: &[&str]) -> Outcome<(u64, u64)> {
        let query = self.query(mode, op, strings);
        let query = &*query;
        let top = TopDocs::with_limit(SHOWN);
        match mode {
            "ten" => {
                let (hits, total) = self
                    .searcher
                    .search(query, &(top.order_by_score(), Count))?;
                Ok((total as u64, self.given(&hits)?))
            }
            "sort" => {
                let newest = top.order_by_fast_field::<u64>("published_at", Order::Desc);
                let (hits, total) = self.searcher.search(query, &(newest, Count))?;
                Ok((total as u64, self.given(&hits)?))
            }
            "facets" => {
                let counts =
                    AggregationCollector::from_aggs(self.facets.clone(), Default::default());
                let (counts, total) = self.searcher.search(query, &(counts, Count))?;
                let mut given = 0;
                for result in counts.0.values() {
                    if let AggregationResult::BucketResult(BucketResult::Terms {
                        buckets, ..
                    }) = result
                    {
                        given += buckets.iter().map(|b| b.doc_count).sum::<u64>();
                    }
                }
                Ok((total as u64, given))
            }
            _ => Ok((query.count(&self.searcher)? as u64, 0)),
        }
    }
}

fn facets() -> Outcome<Aggregations> {
    let terms = |f: &str| serde_json::json!({"terms": {"field": f, "size": SHOWN, "segment_size": AUTHORS}});
    let all: serde_json::Map<_, _> = FACETS.iter().map(|f| (f.to_string(), terms(f))).collect();
    Ok(serde_json::from_value(all.into())?)
}

fn ask(dir: &str, path: &str) -> Outcome<()> {
    let index = opened(dir)?;
    let s = index.schema();
    let mut engine = Engine {
        searcher: index.reader()?.searcher(),
        tokenizer: bigrams::Bigrams::default(),
        texts: [s.get_field("title")?, s.get_field("text")?],
        section: s.get_field("section")?,
        day: s.get_field("published_at")?,
        facets: facets()?,
    };
    let questions = fs::read_to_string(path)?;
    let mut out = String::new();
    let times = if std::env::var_os("ASK_ONCE").is_some() { 1 } else { 2 };
    for again in 1..=times {
        for question in questions.lines() {
            let part: Vec<&str> = question.split('\t').collect();
            let start = Instant::now();
            let (total, given) = engine.answer(part[1], part[2], &part[3..])?;
            let ns = start.elapsed().as_nanos();
            if again == times {
                writeln!(out, "{ns}\t{total}\t{given}")?;
            }
        }
    }
    print!("{out}");
    Ok(())
}

fn main() -> Outcome<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args[..] {
        ["index", dir, path, threads] => index(dir, path, threads.parse()?),
        ["ask", dir, questions] => ask(dir, questions),
        ["version"] => {
            println!("{}", tantivy::version_string());
            Ok(())
        }
        _ => {
            Err("usage: bench_tantivy index DIR JSONL THREADS | ask DIR QUESTIONS | version".into())
        }
    }
}
