// SPDX-License-Identifier: GPL-3.0-or-later
// Lucene 4.10:  LucenePeer index smartcn|cjk DIR JSONL THREADS      LucenePeer ask smartcn|cjk DIR QUESTIONS
//
// As its documentation has it for speed: one writer, several threads, a large buffer, documents
// added rather than updated, facets from doc values.
import java.io.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.*;
import org.apache.lucene.analysis.*;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.analysis.cn.smart.SmartChineseAnalyzer;
import org.apache.lucene.analysis.tokenattributes.*;
import org.apache.lucene.document.*;
import org.apache.lucene.facet.*;
import org.apache.lucene.facet.sortedset.*;
import org.apache.lucene.index.*;
import org.apache.lucene.search.*;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.*;
import org.apache.lucene.util.Version;

public class LucenePeer {
    static final String[] FACETS = {"platform", "section", "author", "lang", "label"};
    static final int SHOWN = 10;

    // A flat JSON object of strings and numbers.
    static Map<String, String> parse(String s) {
        Map<String, String> out = new HashMap<>();
        StringBuilder b = new StringBuilder();
        String name = null;
        for (int i = 1; i < s.length(); i++) {
            char c = s.charAt(i);
            if (c == '"') {
                b.setLength(0);
                for (i++; (c = s.charAt(i)) != '"'; i++) {
                    if (c != '\\') { b.append(c); continue; }
                    c = s.charAt(++i);
                    int at = "nrtbf".indexOf(c);
                    if (c == 'u') { b.append((char) Integer.parseInt(s.substring(i + 1, i + 5), 16)); i += 4; }
                    else b.append(at < 0 ? c : "\n\r\t\b\f".charAt(at));
                }
                if (name == null) name = b.toString(); else { out.put(name, b.toString()); name = null; }
            } else if (c >= '0' && c <= '9' || c == '-') {
                int from = i;
                while ("+-.eE0123456789".indexOf(s.charAt(i)) >= 0) i++;
                out.put(name, s.substring(from, i--));
                name = null;
            }
        }
        return out;
    }

    static Document document(FacetsConfig facets, Map<String, String> r) throws IOException {
        Document d = new Document();
        d.add(new StringField("id", r.get("id"), Field.Store.YES));
        for (String f : new String[] {"title", "text"})
            if (r.containsKey(f)) d.add(new TextField(f, r.get(f), Field.Store.YES));
        d.add(new StringField("is_section", r.get("section"), Field.Store.NO));
        int date = Integer.parseInt(r.get("published_at").substring(0, 10).replace("-", ""));
        d.add(new IntField("date", date, Field.Store.NO));
        d.add(new NumericDocValuesField("by_date", date));
        d.add(new StoredField("url", r.get("url")));
        d.add(new NumericDocValuesField("views", Long.parseLong(r.get("views"))));
        for (String f : FACETS) if (r.containsKey(f)) d.add(new SortedSetDocValuesFacetField(f, r.get(f)));
        return facets.build(d);
    }

    static void index(Analyzer analyzer, String dir, String path, int threads) throws Exception {
        IndexWriterConfig config = new IndexWriterConfig(Version.LUCENE_4_10_4, analyzer);
        config.setSimilarity(new BM25Similarity());
        config.setRAMBufferSizeMB(256);
        final IndexWriter writer = new IndexWriter(FSDirectory.open(new File(dir)), config);
        final FacetsConfig facets = new FacetsConfig();
        final BufferedReader in = Files.newBufferedReader(Paths.get(path), StandardCharsets.UTF_8);
        Thread[] all = new Thread[threads];
        for (int i = 0; i < threads; i++) {
            all[i] = new Thread() {
                public void run() {
                    try {
                        for (;;) {
                            List<String> lines = new ArrayList<>();
                            synchronized (in) {
                                for (String line; lines.size() < 256 && (line = in.readLine()) != null; ) lines.add(line);
                            }
                            if (lines.isEmpty()) return;
                            for (String line : lines) writer.addDocument(document(facets, parse(line)));
                        }
                    } catch (Exception e) {
                        e.printStackTrace();
                        System.exit(1);
                    }
                }
            };
            all[i].start();
        }
        for (Thread t : all) t.join();
        writer.close();
    }

    // A string as its analyzer cuts it: one term, or a phrase of several.
    static Query phrase(Analyzer analyzer, String field, String s) throws IOException {
        PhraseQuery phrase = new PhraseQuery();
        TokenStream stream = analyzer.tokenStream(field, s);
        CharTermAttribute term = stream.addAttribute(CharTermAttribute.class);
        PositionIncrementAttribute step = stream.addAttribute(PositionIncrementAttribute.class);
        stream.reset();
        int at = -1;
        while (stream.incrementToken()) phrase.add(new Term(field, term.toString()), at += step.getPositionIncrement());
        stream.end();
        stream.close();
        return phrase.getTerms().length == 1 ? new TermQuery(phrase.getTerms()[0]) : phrase;
    }

    static Query string(Analyzer analyzer, String s) throws IOException {
        BooleanQuery any = new BooleanQuery();
        for (String field : new String[] {"title", "text"}) any.add(phrase(analyzer, field, s), BooleanClause.Occur.SHOULD);
        return any;
    }

    static Query query(Analyzer analyzer, String[] part) throws IOException {
        BooleanQuery all = new BooleanQuery();
        BooleanClause.Occur occur = part[2].equals("or") ? BooleanClause.Occur.SHOULD : BooleanClause.Occur.MUST;
        for (int i = 3; i < part.length; i++) all.add(string(analyzer, part[i]), occur);
        if (!part[1].equals("filter")) return all;
        BooleanQuery filtered = new BooleanQuery();
        filtered.add(all, BooleanClause.Occur.MUST);
        filtered.add(new TermQuery(new Term("is_section", "s03")), BooleanClause.Occur.MUST);
        filtered.add(NumericRangeQuery.newIntRange("date", 20200101, 20201231, true, true), BooleanClause.Occur.MUST);
        return filtered;
    }

    static long[] answer(IndexSearcher s, SortedSetDocValuesReaderState state, Analyzer analyzer, String[] part) throws IOException {
        Query q = query(analyzer, part);
        long total = 0, given = 0;
        TopDocs top = null;
        if (part[1].equals("facets")) {
            FacetsCollector found = new FacetsCollector();
            s.search(q, found);
            for (FacetsCollector.MatchingDocs m : found.getMatchingDocs()) total += m.totalHits;
            Facets counts = new SortedSetDocValuesFacetCounts(state, found);
            for (String f : FACETS) {
                FacetResult r = counts.getTopChildren(SHOWN, f);
                if (r != null) for (LabelAndValue v : r.labelValues) given += v.value.longValue();
            }
        } else if (part[1].equals("ten")) {
            top = s.search(q, SHOWN);
        } else if (part[1].equals("sort")) {
            top = s.search(q, SHOWN, new Sort(new SortField("by_date", SortField.Type.LONG, true)));
        } else {
            TotalHitCountCollector count = new TotalHitCountCollector();
            s.search(q, count);
            total = count.getTotalHits();
        }
        if (top != null) {
            total = top.totalHits;
            for (ScoreDoc hit : top.scoreDocs) {
                Document d = s.doc(hit.doc);
                for (String f : new String[] {"title", "text"}) if (d.get(f) != null) given += d.get(f).length();
            }
        }
        return new long[] {total, given};
    }

    static void ask(Analyzer analyzer, String dir, String path) throws IOException {
        DirectoryReader reader = DirectoryReader.open(FSDirectory.open(new File(dir)));
        IndexSearcher searcher = new IndexSearcher(reader);
        searcher.setSimilarity(new BM25Similarity());
        SortedSetDocValuesReaderState state = new DefaultSortedSetDocValuesReaderState(reader);
        List<String> questions = Files.readAllLines(Paths.get(path), StandardCharsets.UTF_8);
        StringBuilder out = new StringBuilder();
        for (int again = 0; again < 2; again++)
            for (String question : questions) {
                long start = System.nanoTime();
                long[] a = answer(searcher, state, analyzer, question.split("\t"));
                long ns = System.nanoTime() - start;
                if (again == 1) out.append(ns + "\t" + a[0] + "\t" + a[1] + "\n");
            }
        System.out.print(out);
    }

    public static void main(String[] args) throws Exception {
        Analyzer analyzer = args[1].equals("smartcn") ? new SmartChineseAnalyzer() : new CJKAnalyzer();
        if (args[0].equals("index")) index(analyzer, args[2], args[3], Integer.parseInt(args[4]));
        else ask(analyzer, args[2], args[3]);
    }
}
