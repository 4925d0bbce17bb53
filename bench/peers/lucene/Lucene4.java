// SPDX-License-Identifier: GPL-3.0-or-later
// Lucene 4.10:  Lucene4 index smartcn|cjk DIR JSONL THREADS      Lucene4 ask smartcn|cjk DIR QUESTIONS
//
// As its documentation has it for speed: one writer, several threads, a large buffer, no compound
// files, documents added rather than updated, facets from doc values.
import java.io.*;
import java.util.*;
import org.apache.lucene.analysis.*;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.analysis.cn.smart.SmartChineseAnalyzer;
import org.apache.lucene.document.*;
import org.apache.lucene.facet.*;
import org.apache.lucene.facet.sortedset.*;
import org.apache.lucene.index.*;
import org.apache.lucene.search.*;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.*;
import org.apache.lucene.util.*;

public class Lucene4 extends Peer {
    final Analyzer analyzer;
    final FacetsConfig facets = new FacetsConfig();
    IndexWriter writer;
    IndexSearcher searcher;
    SortedSetDocValuesReaderState state;

    Lucene4(String how) {
        analyzer = how.equals("smartcn") ? new SmartChineseAnalyzer() : new CJKAnalyzer();
    }

    void add(Map<String, String> r) throws IOException {
        Document d = new Document();
        d.add(new StringField("id", r.get("id"), Field.Store.YES));
        for (String f : TEXTS) if (r.containsKey(f)) d.add(new TextField(f, r.get(f), Field.Store.YES));
        d.add(new StringField("is_section", r.get("section"), Field.Store.NO));
        d.add(new IntField("date", day(r), Field.Store.NO));
        d.add(new NumericDocValuesField("by_date", day(r)));
        d.add(new StoredField("url", r.get("url")));
        d.add(new NumericDocValuesField("views", Long.parseLong(r.get("views"))));
        for (String f : FACETS) if (r.containsKey(f)) d.add(new SortedSetDocValuesFacetField(f, r.get(f)));
        writer.addDocument(facets.build(d));
    }

    void index(String dir, String path, int threads) throws Exception {
        IndexWriterConfig config = new IndexWriterConfig(Version.LUCENE_4_10_4, analyzer);
        config.setSimilarity(new BM25Similarity());
        config.setRAMBufferSizeMB(256);
        config.setUseCompoundFile(false);
        config.getMergePolicy().setNoCFSRatio(0);
        writer = new IndexWriter(FSDirectory.open(new File(dir)), config);
        addAll(path, threads);
        writer.close();
    }

    // A string as its analyzer cuts it: one term, or a phrase of several.  (NGramPhraseQuery would ask
    // for every second pair only, and so take "ab1cd" for "abcd": "1" has the place of "bc".)
    Query phrase(String field, String s) {
        return new QueryBuilder(analyzer).createPhraseQuery(field, s);
    }

    Query query(String[] part) {
        if (part[OP].equals("all")) return new MatchAllDocsQuery();
        BooleanQuery all = new BooleanQuery();
        BooleanClause.Occur occur = part[OP].equals("or") ? BooleanClause.Occur.SHOULD : BooleanClause.Occur.MUST;
        for (int i = STRINGS; i < part.length; i++) {
            BooleanQuery any = new BooleanQuery();
            for (String field : TEXTS) any.add(phrase(field, part[i]), BooleanClause.Occur.SHOULD);
            all.add(any, occur);
        }
        if (!part[MODE].equals("filter")) return all;
        BooleanQuery filtered = new BooleanQuery();
        filtered.add(all, BooleanClause.Occur.MUST);
        filtered.add(new TermQuery(new Term("is_section", "s03")), BooleanClause.Occur.MUST);
        filtered.add(NumericRangeQuery.newIntRange("date", 20200101, 20201231, true, true), BooleanClause.Occur.MUST);
        return filtered;
    }

    long[] counted(Query q) throws IOException {
        FacetsCollector found = new FacetsCollector();
        searcher.search(q, found);
        long total = 0, given = 0;
        for (FacetsCollector.MatchingDocs m : found.getMatchingDocs()) total += m.totalHits;
        Facets counts = new SortedSetDocValuesFacetCounts(state, found);
        for (String f : FACETS) {
            FacetResult r = counts.getTopChildren(SHOWN, f);
            if (r != null) for (LabelAndValue v : r.labelValues) given += v.value.longValue();
        }
        return new long[] {total, given};
    }

    long[] shown(TopDocs top) throws IOException {
        long given = 0;
        for (ScoreDoc hit : top.scoreDocs) {
            Document d = searcher.doc(hit.doc);
            for (String f : TEXTS) if (d.get(f) != null) given += d.get(f).length();
        }
        return new long[] {top.totalHits, given};
    }

    long[] answer(String[] part) throws IOException {
        Query q = query(part);
        switch (part[MODE]) {
        case "facets": return counted(q);
        case "ten": return shown(searcher.search(q, SHOWN));
        case "sort": return shown(searcher.search(q, SHOWN, new Sort(new SortField("by_date", SortField.Type.LONG, true))));
        default:
            TotalHitCountCollector count = new TotalHitCountCollector();
            searcher.search(q, count);
            return new long[] {count.getTotalHits(), 0};
        }
    }

    void ask(String dir, String path) throws Exception {
        DirectoryReader reader = DirectoryReader.open(FSDirectory.open(new File(dir)));
        searcher = new IndexSearcher(reader);
        searcher.setSimilarity(new BM25Similarity());
        state = new DefaultSortedSetDocValuesReaderState(reader);
        askAll(path);
    }

    public static void main(String[] args) throws Exception {
        Lucene4 peer = new Lucene4(args[1]);
        if (args[0].equals("index")) peer.index(args[2], args[3], Integer.parseInt(args[4]));
        else peer.ask(args[2], args[3]);
    }
}
