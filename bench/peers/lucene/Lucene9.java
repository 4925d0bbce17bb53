// SPDX-License-Identifier: GPL-3.0-or-later
// Lucene 9:  Lucene9 index smartcn|cjk DIR JSONL THREADS      Lucene9 ask smartcn|cjk DIR QUESTIONS
//            Lucene9 observe smartcn|cjk DIR CSV
//
// As its documentation has it for speed: one writer, several threads, a large buffer, no compound
// files, documents added rather than updated, facets from doc values.  Its query cache is off, as
// Groonga's is.
import java.io.*;
import java.nio.file.*;
import java.util.*;
import org.apache.lucene.analysis.*;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.analysis.cn.smart.SmartChineseAnalyzer;
import org.apache.lucene.document.*;
import org.apache.lucene.facet.*;
import org.apache.lucene.facet.sortedset.*;
import org.apache.lucene.index.*;
import org.apache.lucene.search.*;
import org.apache.lucene.store.*;
import org.apache.lucene.util.QueryBuilder;

public class Lucene9 extends Peer {
    final Analyzer analyzer;
    final FacetsConfig facets = new FacetsConfig();
    IndexWriter writer;
    IndexSearcher searcher;
    StoredFields stored;
    SortedSetDocValuesReaderState state;

    Lucene9(String how) {
        analyzer = how.equals("smartcn") ? new SmartChineseAnalyzer() : new CJKAnalyzer();
    }

    void add(Map<String, String> r) throws IOException {
        Document d = new Document();
        d.add(new StringField("id", r.get("id"), Field.Store.YES));
        for (String f : TEXTS) if (r.containsKey(f)) d.add(new TextField(f, r.get(f), Field.Store.YES));
        d.add(new StringField("is_section", r.get("section"), Field.Store.NO));
        d.add(new IntField("date", day(r), Field.Store.NO)); // points and doc values
        d.add(new StoredField("url", r.get("url")));
        d.add(new NumericDocValuesField("views", Long.parseLong(r.get("views"))));
        d.add(new NumericDocValuesField("gone", 0));
        for (String f : FACETS) if (r.containsKey(f)) d.add(new SortedSetDocValuesFacetField(f, r.get(f)));
        writer.addDocument(facets.build(d));
    }

    void index(String dir, String path, int threads) throws Exception {
        IndexWriterConfig config = new IndexWriterConfig(analyzer);
        config.setRAMBufferSizeMB(256);
        config.setUseCompoundFile(false);
        config.getMergePolicy().setNoCFSRatio(0);
        writer = new IndexWriter(FSDirectory.open(Paths.get(dir)), config);
        addAll(path, threads);
        writer.close();
    }

    // Doc values are what Lucene changes without indexing a document again.
    void observe(String dir, String path) throws Exception {
        writer = new IndexWriter(FSDirectory.open(Paths.get(dir)), new IndexWriterConfig(analyzer));
        List<String> lines = Files.readAllLines(Paths.get(path));
        for (String line : lines.subList(1, lines.size())) {
            String[] part = line.split(",");
            writer.updateDocValues(new Term("id", part[1]), new NumericDocValuesField("views", Long.parseLong(part[4])),
                                   new NumericDocValuesField("gone", part[3].equals("gone") ? 1 : 0));
        }
        writer.close();
    }

    // A string as its analyzer cuts it: one term, or a phrase of several.  (NGramPhraseQuery would ask
    // for every second pair only, and so take "ab1cd" for "abcd": "1" has the place of "bc".)
    Query phrase(String field, String s) {
        return new QueryBuilder(analyzer).createPhraseQuery(field, s);
    }

    Query query(String[] part) {
        if (part[OP].equals("all")) return new MatchAllDocsQuery();
        BooleanQuery.Builder all = new BooleanQuery.Builder();
        BooleanClause.Occur occur = part[OP].equals("or") ? BooleanClause.Occur.SHOULD : BooleanClause.Occur.MUST;
        for (int i = STRINGS; i < part.length; i++) {
            BooleanQuery.Builder any = new BooleanQuery.Builder();
            for (String field : TEXTS) any.add(phrase(field, part[i]), BooleanClause.Occur.SHOULD);
            all.add(any.build(), occur);
        }
        if (!part[MODE].equals("filter")) return all.build();
        BooleanQuery.Builder filtered = new BooleanQuery.Builder();
        filtered.add(all.build(), BooleanClause.Occur.FILTER);
        filtered.add(new TermQuery(new Term("is_section", "s03")), BooleanClause.Occur.FILTER);
        filtered.add(IntField.newRangeQuery("date", 20200101, 20201231), BooleanClause.Occur.FILTER);
        return filtered.build();
    }

    long[] counted(Query q) throws IOException {
        long total = 0, given = 0;
        Facets counts;
        if (q instanceof MatchAllDocsQuery) {
            total = searcher.count(q);
            counts = new SortedSetDocValuesFacetCounts(state);
        } else {
            FacetsCollector found = searcher.search(q, new FacetsCollectorManager());
            for (FacetsCollector.MatchingDocs m : found.getMatchingDocs()) total += m.totalHits;
            counts = new SortedSetDocValuesFacetCounts(state, found);
        }
        for (String f : FACETS) {
            FacetResult r = counts.getTopChildren(SHOWN, f);
            if (r != null) for (LabelAndValue v : r.labelValues) given += v.value.longValue();
        }
        return new long[] {total, given};
    }

    long[] shown(TopDocs top) throws IOException {
        long given = 0;
        for (ScoreDoc hit : top.scoreDocs) {
            Document d = stored.document(hit.doc);
            for (String f : TEXTS) if (d.get(f) != null) given += d.get(f).length();
        }
        return new long[] {top.totalHits.value, given};
    }

    // Totals are to be exact, so that no collector may stop early.
    long[] answer(String[] part) throws IOException {
        Query q = query(part);
        switch (part[MODE]) {
        case "facets": return counted(q);
        case "ten": return shown(searcher.search(q, new TopScoreDocCollectorManager(SHOWN, null, Integer.MAX_VALUE)));
        case "sort":
            Sort newest = new Sort(IntField.newSortField("date", true, SortedNumericSelector.Type.MIN));
            return shown(searcher.search(q, new TopFieldCollectorManager(newest, SHOWN, null, Integer.MAX_VALUE)));
        default: return new long[] {searcher.count(q), 0};
        }
    }

    void ask(String dir, String path) throws Exception {
        DirectoryReader reader = DirectoryReader.open(FSDirectory.open(Paths.get(dir)));
        searcher = new IndexSearcher(reader);
        searcher.setQueryCache(null);
        stored = searcher.storedFields();
        state = new DefaultSortedSetDocValuesReaderState(reader, facets);
        askAll(path);
    }

    public static void main(String[] args) throws Exception {
        Lucene9 peer = new Lucene9(args[1]);
        if (args[0].equals("index")) peer.index(args[2], args[3], Integer.parseInt(args[4]));
        else if (args[0].equals("observe")) peer.observe(args[2], args[3]);
        else peer.ask(args[2], args[3]);
    }
}
