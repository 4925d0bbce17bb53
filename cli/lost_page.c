/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Only what POSIX allows in a signal handler: no memory, no stdio, no locks. */
#include "lost_page.h"

#include "base/err.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

/* A line of /proc/self/maps: "from-to rwxp offset device inode   path". */
enum { LINE = 4200 };

static const char *number(const char *p, uintptr_t *out) {
    *out = 0;
    for (;; p++) {
        int digit = *p >= '0' && *p <= '9' ? *p - '0' : *p >= 'a' && *p <= 'f' ? *p - 'a' + 10 : -1;
        if (digit < 0) return p;
        *out = *out * 16 + (uintptr_t)digit;
    }
}

/* The path, where the line is of a file that is mapped there. */
static const char *path_at(const char *line, uintptr_t address) {
    uintptr_t from, to;
    const char *p = number(line, &from);
    if (*p != '-') return NULL;
    p = number(p + 1, &to);
    if (address < from || address >= to) return NULL;
    const char *path = strchr(p, '/');
    return path && path[1] ? path : NULL;
}

/* The file that is mapped at an address: its path is left in `line`. */
static const char *mapped_file(uintptr_t address, char *line) {
    char bytes[1024];
    size_t len = 0;
    ssize_t n;
    int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    if (fd < 0) return NULL;
    while ((n = read(fd, bytes, sizeof bytes)) > 0) {
        for (ssize_t i = 0; i < n; i++) {
            if (bytes[i] != '\n') {
                if (len + 1 < LINE) line[len++] = bytes[i];
                continue;
            }
            line[len] = '\0';
            len = 0;
            const char *path = path_at(line, address);
            if (!path) continue;
            close(fd);
            return path;
        }
    }
    close(fd);
    return NULL;
}

static void say(const char *s) {
    if (write(STDERR_FILENO, s, strlen(s)) < 0) return;
}

/* The path goes to a terminal. */
static void say_path(const char *path) {
    for (char one[2] = ""; *path; path++) {
        one[0] = (unsigned char)*path < ' ' || *path == 0x7F ? '?' : *path;
        say(one);
    }
}

static void on_lost_page(int sig, siginfo_t *info, void *context) {
    (void)context;
    char line[LINE];
    const char *path = info->si_code > 0 ? mapped_file((uintptr_t)info->si_addr, line) : NULL;
    if (path) {
        say("jibek: ");
        say_path(path);
        say(" is damaged: it ends too early, or the disk does not give what it holds; " JBK_REMEDY
            "\n");
        _exit(3);
    }
    signal(sig, SIG_DFL);
    raise(sig);
}

void jbk_catch_lost_pages(void) {
    struct sigaction action = {.sa_sigaction = on_lost_page, .sa_flags = SA_SIGINFO | SA_NODEFER};
    sigemptyset(&action.sa_mask);
    sigaction(SIGBUS, &action, NULL);
    sigaction(SIGSEGV, &action, NULL);
}
