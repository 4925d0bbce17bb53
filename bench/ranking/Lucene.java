// SPDX-License-Identifier: GPL-3.0-or-later
// Lucene 4.10 over the same folded texts and words: tab-separated on standard input, "D id title text"
// and then "Q id word word ...".  Prints, for each question, its id and the ids found, best first.
import java.io.*;
import java.nio.charset.StandardCharsets;
import org.apache.lucene.analysis.*;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.analysis.cn.smart.SmartChineseAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.document.*;
import org.apache.lucene.index.*;
import org.apache.lucene.search.*;
import org.apache.lucene.search.similarities.*;
import org.apache.lucene.store.RAMDirectory;

public class Lucene {
    static final int DEPTH = 100;

    // A word as its analyzer cuts it: one term, or a phrase of several.
    static Query word(Analyzer analyzer, String field, String word) throws IOException {
        PhraseQuery phrase = new PhraseQuery();
        TokenStream stream = analyzer.tokenStream(field, word);
        CharTermAttribute term = stream.addAttribute(CharTermAttribute.class);
        stream.reset();
        Term last = null;
        while (stream.incrementToken()) phrase.add(last = new Term(field, term.toString()));
        stream.end();
        stream.close();
        if (last == null) return null;
        return phrase.getTerms().length == 1 ? new TermQuery(last) : phrase;
    }

    public static void main(String[] args) throws Exception {
        Analyzer analyzer = args[0].equals("smartcn") ? new SmartChineseAnalyzer() : new CJKAnalyzer();
        Similarity similarity = args[1].equals("bm25") ? new BM25Similarity() : new DefaultSimilarity();
        boolean twoFields = args[2].equals("two");
        RAMDirectory folder = new RAMDirectory();
        IndexWriterConfig config = new IndexWriterConfig(org.apache.lucene.util.Version.LUCENE_4_10_4, analyzer);
        config.setSimilarity(similarity);
        IndexWriter writer = new IndexWriter(folder, config);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, false, "UTF-8");
        IndexSearcher searcher = null;
        for (String line; (line = in.readLine()) != null; ) {
            String[] part = line.split("\t", -1);
            if (part[0].equals("D")) {
                Document doc = new Document();
                doc.add(new StringField("id", part[1], Field.Store.YES));
                doc.add(new TextField("title", part[2], Field.Store.NO));
                doc.add(new TextField("text", twoFields ? part[3] : part[2] + " \n" + part[2] + " \n" + part[3], Field.Store.NO));
                writer.addDocument(doc);
                continue;
            }
            if (searcher == null) {
                writer.close();
                searcher = new IndexSearcher(DirectoryReader.open(folder));
                searcher.setSimilarity(similarity);
            }
            BooleanQuery any = new BooleanQuery();
            for (String w : part[2].split(" "))
                for (String field : twoFields ? new String[] {"title", "text"} : new String[] {"text"}) {
                    Query q = word(analyzer, field, w);
                    if (q != null) any.add(q, BooleanClause.Occur.SHOULD);
                }
            out.print(part[1]);
            for (ScoreDoc hit : searcher.search(any, DEPTH).scoreDocs) out.print("\t" + searcher.doc(hit.doc).get("id"));
            out.println();
        }
        out.flush();
    }
}
