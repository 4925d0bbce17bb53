/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

static const double TERMINAL_SECONDS = 0.25, LINE_SECONDS = 15;

double jbk_clock_seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

void jbk_progress_begin(jbk_progress *p, const jbk_input *input) {
    double now = jbk_clock_seconds();
    *p = (jbk_progress){
        .input = input, .terminal = isatty(STDERR_FILENO), .began = now, .shown = now};
}

/* 1:02:03, 2:03 */
static void write_duration(double seconds, char *out, size_t size) {
    unsigned long s = (unsigned long)(seconds + 0.5);
    if (s >= 3600)
        snprintf(out, size, "%lu:%02lu:%02lu", s / 3600, s / 60 % 60, s % 60);
    else
        snprintf(out, size, "%lu:%02lu", s / 60, s % 60);
}

void jbk_progress_show(const jbk_tally *tally, void *progress) {
    jbk_progress *p = progress;
    double now = jbk_clock_seconds(), passed = now - p->began;
    if (now - p->shown < (p->terminal ? TERMINAL_SECONDS : LINE_SECONDS)) return;
    p->shown = now;
    uint64_t read = jbk_input_position(p->input), total = jbk_input_size(p->input);
    char left[32] = "";
    if (read && total >= read) {
        char time[24];
        write_duration(passed * (double)(total - read) / (double)read, time, sizeof time);
        snprintf(left, sizeof left, ", %s left", time);
    }
    fprintf(stderr, "%s", p->terminal ? "\r" : "");
    if (total >= read && total) fprintf(stderr, "%3.0f%%  ", 100.0 * (double)read / (double)total);
    fprintf(stderr, "%llu documents, %.1f MB/s, %llu rejected%s%s", (unsigned long long)tally->read,
            (double)read / 1e6 / passed, (unsigned long long)tally->outcomes[JBK_REJECTED], left,
            p->terminal ? "\033[K" : "\n");
}

void jbk_progress_end(const jbk_progress *p) {
    if (p->terminal) fputs("\r\033[K", stderr);
}
