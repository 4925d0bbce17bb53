/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A target over files, without a fuzzer: each argument is a file, or a folder of files. */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static size_t files;

static void run(const char *path) {
    FILE *f = fopen(path, "rb");
    struct stat st;
    if (!f || fstat(fileno(f), &st)) {
        perror(path);
        exit(1);
    }
    /* Exactly as long as the file, so that reading past it is seen. */
    uint8_t *bytes = jbk_alloc((size_t)st.st_size);
    size_t n = fread(bytes, 1, (size_t)st.st_size, f);
    fclose(f);
    fprintf(stderr, "%s\n", path);
    LLVMFuzzerTestOneInput(bytes, n);
    free(bytes);
    files++;
}

static void visit(const char *path) {
    struct dirent **names;
    int n = scandir(path, &names, NULL, alphasort);
    if (n < 0) {
        run(path);
        return;
    }
    for (int i = 0; i < n; i++) {
        char *child = jbk_printf("%s/%s", path, names[i]->d_name);
        if (names[i]->d_name[0] != '.') visit(child);
        free(child);
        free(names[i]);
    }
    free(names);
}

int main(int argc, char **argv) {
    for (int i = 1; i < argc; i++) visit(argv[i]);
    printf("%zu inputs\n", files);
    return files ? 0 : 1;
}
