// SPDX-License-Identifier: GPL-3.0-or-later
// What both Lucenes share: records read by several threads, questions asked by one clock.
import java.io.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.*;

abstract class Peer {
    static final String[] FACETS = {"platform", "section", "author", "lang", "label"};
    static final String[] TEXTS = {"title", "text"};
    static final int SHOWN = 10;

    // What is asked for, its strings from the third part on.
    static final int MODE = 1, OP = 2, STRINGS = 3;

    abstract void add(Map<String, String> record) throws Exception;
    abstract long[] answer(String[] question) throws Exception; // total, given

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

    static int day(Map<String, String> record) {
        return Integer.parseInt(record.get("published_at").substring(0, 10).replace("-", ""));
    }

    void addAll(String path, int threads) throws Exception {
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
                            for (String line : lines) add(parse(line));
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
    }

    void askAll(String path) throws Exception {
        List<String> questions = Files.readAllLines(Paths.get(path), StandardCharsets.UTF_8);
        StringBuilder out = new StringBuilder();
        int times = System.getenv("ASK_ONCE") == null ? 2 : 1;
        for (int again = 1; again <= times; again++)
            for (String question : questions) {
                long start = System.nanoTime();
                long[] a = answer(question.split("\t"));
                long ns = System.nanoTime() - start;
                if (again == times) out.append(ns + "\t" + a[0] + "\t" + a[1] + "\n");
            }
        System.out.print(out);
    }
}
