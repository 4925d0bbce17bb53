/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "completion.h"

#include "base/field.h"
#include "base/mem.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

/* --- what an option takes, by its entry in the table --- */

typedef enum { TAKES_ANYTHING, TAKES_FOLDER, TAKES_FILE, TAKES_FIELDS, TAKES_VALUES } takes;

/* Help that says "a, b or c", and perhaps more behind a bracket or semicolon, lists the values.
 * False where it is no such list; FIELD in it stands for every field. */
static bool listed_values(const char *help, jbk_buf *out) {
    int n = 0;
    while (*help) {
        size_t len = strcspn(help, " ,;(");
        if (!len) return false;
        if (n++) jbk_buf_byte(out, ' ');
        jbk_buf_add(out, help, len);
        help += len;
        if (!strncmp(help, ", ", 2))
            help += 2;
        else if (!strncmp(help, " or ", 4))
            help += 4;
        else if (*help == ';' || !strncmp(help, " (", 2))
            break;
        else if (*help)
            return false;
    }
    return n > 1;
}

static takes what_takes(const jbk_option *o, jbk_buf *values) {
    values->len = 0;
    if (!o->arg) return TAKES_ANYTHING;
    if (!strcmp(o->arg, "INDEX") || !strcmp(o->arg, "DIR")) return TAKES_FOLDER;
    if (strstr(o->arg, "FILE")) return TAKES_FILE;
    if (!strncmp(o->arg, "FIELD", 5) || !strncmp(o->arg, "A,", 2) || !strncmp(o->arg, "A[", 2))
        return TAKES_FIELDS;
    return listed_values(o->help, values) ? TAKES_VALUES : TAKES_ANYTHING;
}

/* Names of the fields with something before and behind each; only those that can be sorted by
 * or counted, or all. */
static void put_fields(const char *before, const char *behind, bool all, jbk_buf *out) {
    for (int f = 0; f < JBK_FIELDS; f++)
        if (all || f != JBK_F_TEXT)
            jbk_buf_printf(out, "%s%s%s%s", out->len ? " " : "", before, jbk_fields[f].name,
                           behind);
}

/* The values with FIELD spelled out. */
static void put_values(const jbk_buf *values, jbk_buf *out) {
    for (size_t i = 0; i < values->len;) {
        const char *end = memchr(values->data + i, ' ', values->len - i);
        size_t len = end ? (size_t)(end - values->data) - i : values->len - i;
        const char *s = values->data + i;
        if (len == 5 && !memcmp(s, "FIELD", 5)) {
            put_fields("", "", false, out);
        } else if (len == 6 && !memcmp(s, "-FIELD", 6)) {
            put_fields("-", "", false, out);
        } else {
            if (out->len) jbk_buf_byte(out, ' ');
            jbk_buf_add(out, s, len);
        }
        i += len + 1;
    }
}

static void put_operands(const jbk_command *c, jbk_buf *out) {
    if (strstr(c->usage, "QUERY")) put_fields("", ":", true, out);
    if (c == &jbk_command_completion) jbk_buf_str(out, "bash zsh");
}

static bool takes_files(const jbk_command *c) {
    return strstr(c->usage, "INPUT") || strstr(c->usage, "FILE");
}

/* --- bash --- */

static const char BASH_HEAD[] =
    "# jibek completion for bash; made by: jibek completion bash\n"
    "_jibek() {\n"
    "    local IFS=$' \\t\\n' cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
    "    local command=${COMP_WORDS[1]} fields units='day week month year'\n"
    "    COMPREPLY=()\n"
    "    # --name=value and field:unit come in pieces\n"
    "    if [[ $cur == = ]]; then cur=\n"
    "    elif [[ $prev == = ]]; then prev=${COMP_WORDS[COMP_CWORD-2]}; fi\n"
    "    if [[ $cur == : || $prev == : ]]; then\n"
    "        local at=$((COMP_CWORD - 2)); [[ $cur == : ]] && at=$((COMP_CWORD - 1)) && cur=\n"
    "        case ${COMP_WORDS[at-1]} in\n"
    "            --by | --histogram | =) COMPREPLY=($(compgen -W \"$units\" -- \"$cur\"));;\n"
    "        esac\n"
    "        return\n"
    "    fi\n";

static const char BASH_TOOLS[] =
    "_jibek_list() { # the last of several values with commas between them\n"
    "    local before=\n"
    "    [[ $cur == *,* ]] && before=${cur%,*},\n"
    "    COMPREPLY=($(compgen -P \"$before\" -W \"$1\" -- \"${cur##*,}\"))\n"
    "    compopt -o nospace 2>/dev/null\n"
    "}\n"
    "_jibek_files() {\n"
    "    mapfile -t COMPREPLY < <(compgen \"$1\" -- \"$cur\")\n"
    "    compopt -o filenames 2>/dev/null\n"
    "}\n"
    "complete -F _jibek jibek\n";

static void bash_option(const jbk_option *o, jbk_buf *out) {
    jbk_buf values = {0}, words = {0};
    takes kind = what_takes(o, &values);
    jbk_buf_str(out, "            ");
    if (o->letter) jbk_buf_printf(out, "-%c | ", o->letter);
    jbk_buf_printf(out, "--%s)\n                ", o->name);
    if (kind == TAKES_FOLDER) jbk_buf_str(out, "_jibek_files -d");
    if (kind == TAKES_FILE) jbk_buf_str(out, "_jibek_files -f");
    if (kind == TAKES_FIELDS) jbk_buf_str(out, "_jibek_list \"$fields\"");
    if (kind == TAKES_VALUES) {
        put_values(&values, &words);
        jbk_buf_printf(out, "COMPREPLY=($(compgen -W '%s' -- \"$cur\"))", jbk_buf_cstr(&words));
    }
    jbk_buf_str(out, kind == TAKES_ANYTHING ? "return;;\n" : "; return;;\n");
    jbk_buf_free(&values);
    jbk_buf_free(&words);
}

static void bash_command(const jbk_command *c, jbk_buf *out) {
    jbk_buf words = {0};
    bool any = false;
    jbk_buf_printf(out, "    %s)\n", c->name);
    for (const jbk_option *o = c->options; o->name; o++) any |= o->arg != NULL;
    if (any) jbk_buf_str(out, "        case $prev in\n");
    for (const jbk_option *o = c->options; o->name; o++)
        if (o->arg) bash_option(o, out);
    if (any) jbk_buf_str(out, "        esac\n");
    for (const jbk_option *o = c->options; o->name; o++) jbk_buf_printf(&words, "--%s ", o->name);
    jbk_buf_printf(out,
                   "        if [[ $cur == -* ]]; then\n"
                   "            COMPREPLY=($(compgen -W '%s--help' -- \"$cur\"))\n",
                   jbk_buf_cstr(&words));
    words.len = 0;
    put_operands(c, &words);
    if (words.len)
        jbk_buf_printf(out,
                       "        else\n"
                       "            COMPREPLY=($(compgen -W '%s' -- \"$cur\"))\n",
                       jbk_buf_cstr(&words));
    else if (takes_files(c))
        jbk_buf_str(out, "        else\n            _jibek_files -f\n");
    jbk_buf_str(out, "        fi");
    if (strstr(c->usage, "QUERY"))
        jbk_buf_str(out, "\n        [[ ${COMPREPLY[0]} == *: ]] && compopt -o nospace 2>/dev/null");
    jbk_buf_str(out, ";;\n");
    jbk_buf_free(&words);
}

static void put_bash(jbk_buf *out) {
    jbk_buf fields = {0};
    put_fields("", "", true, &fields);
    jbk_buf_str(out, BASH_HEAD);
    jbk_buf_printf(out,
                   "    fields='%s'\n    if ((COMP_CWORD == 1)); then\n        COMPREPLY=($("
                   "compgen -W '",
                   jbk_buf_cstr(&fields));
    for (size_t i = 0; jbk_commands[i]; i++) jbk_buf_printf(out, "%s ", jbk_commands[i]->name);
    jbk_buf_str(out, "--help --version' -- \"$cur\"))\n        return\n    fi\n"
                     "    case $command in\n");
    for (size_t i = 0; jbk_commands[i]; i++) bash_command(jbk_commands[i], out);
    jbk_buf_str(out, "    esac\n}\n");
    jbk_buf_str(out, BASH_TOOLS);
    jbk_buf_free(&fields);
}

/* --- zsh --- */

/* Inside '...[help]:...': quotes, brackets and colons. */
static void zsh_escape(const char *s, jbk_buf *out) {
    for (; *s; s++) {
        if (*s == '\'') {
            jbk_buf_str(out, "'\\''");
            continue;
        }
        if (strchr("[]:\\", *s)) jbk_buf_byte(out, '\\');
        jbk_buf_byte(out, *s);
    }
}

static void zsh_option(const jbk_option *o, jbk_buf *out) {
    jbk_buf values = {0}, words = {0};
    takes kind = what_takes(o, &values);
    jbk_buf_str(out, "        '*'");
    if (o->letter)
        jbk_buf_printf(out, "{-%c%s,--%s%s}'[", o->letter, o->arg ? "+" : "", o->name,
                       o->arg ? "=" : "");
    else
        jbk_buf_printf(out, "'--%s%s[", o->name, o->arg ? "=" : "");
    zsh_escape(o->help, out);
    jbk_buf_byte(out, ']');
    if (o->arg) {
        jbk_buf_byte(out, ':');
        zsh_escape(o->arg, out);
        jbk_buf_byte(out, ':');
    }
    if (kind == TAKES_FOLDER) jbk_buf_str(out, "_files -/");
    if (kind == TAKES_FILE) jbk_buf_str(out, "_files");
    if (kind == TAKES_FIELDS) jbk_buf_str(out, "_sequence compadd -a fields");
    if (kind == TAKES_VALUES) {
        put_values(&values, &words);
        jbk_buf_printf(out, "(%s)", jbk_buf_cstr(&words));
    }
    jbk_buf_str(out, "'\n");
    jbk_buf_free(&values);
    jbk_buf_free(&words);
}

static void zsh_command(const jbk_command *c, jbk_buf *out) {
    jbk_buf words = {0};
    jbk_buf_printf(out, "    %s) options=(\n", c->name);
    for (const jbk_option *o = c->options; o->name; o++) zsh_option(o, out);
    put_operands(c, &words);
    jbk_buf_str(out, "        '(-h --help)'{-h,--help}'[this text]'\n");
    if (strstr(c->usage, "QUERY"))
        jbk_buf_str(out, "        '*:query:compadd -S \"\" -a queries'\n");
    else if (words.len)
        jbk_buf_printf(out, "        '*:operand:(%s)'\n", jbk_buf_cstr(&words));
    else if (takes_files(c))
        jbk_buf_str(out, "        '*:input:_files'\n");
    jbk_buf_str(out, "        );;\n");
    jbk_buf_free(&words);
}

static void put_zsh(jbk_buf *out) {
    jbk_buf fields = {0}, queries = {0};
    put_fields("", "", true, &fields);
    put_fields("", ":", true, &queries);
    jbk_buf_printf(out,
                   "#compdef jibek\n# jibek completion for zsh; made by: jibek completion zsh\n"
                   "_jibek() {\n"
                   "local -a fields queries commands options\n"
                   "fields=(%s)\nqueries=(%s)\ncommands=(\n",
                   jbk_buf_cstr(&fields), jbk_buf_cstr(&queries));
    for (size_t i = 0; jbk_commands[i]; i++) {
        jbk_buf_printf(out, "    '%s:", jbk_commands[i]->name);
        zsh_escape(jbk_commands[i]->summary, out);
        jbk_buf_str(out, "'\n");
    }
    jbk_buf_str(out, ")\nif ((CURRENT == 2)); then\n    _describe command commands\n    return\n"
                     "fi\nlocal command=$words[2]\nshift words\n((CURRENT--))\ncase $command in\n");
    for (size_t i = 0; jbk_commands[i]; i++) zsh_command(jbk_commands[i], out);
    jbk_buf_str(out, "esac\n_arguments -s $options\n}\n"
                     "if [[ $funcstack[1] == _jibek ]]; then _jibek \"$@\"; "
                     "else compdef _jibek jibek; fi\n");
    jbk_buf_free(&fields);
    jbk_buf_free(&queries);
}

/* --- the command --- */

static const jbk_option OPTIONS[] = {{0, NULL, NULL, NULL}};

static jbk_status parse(int argc, char **argv, const char **shell, bool *help, jbk_err *err) {
    jbk_args a;
    jbk_args_begin(&a, &jbk_command_completion, argc, argv);
    *help = false;
    for (int option; (option = jbk_args_next(&a, err)) != JBK_ARGS_END;) {
        if (option == JBK_ARGS_WRONG) return JBK_USAGE;
        *help = true;
    }
    *shell = a.nrest == 1 ? a.rest[0] : "";
    if (*help || !strcmp(*shell, "bash") || !strcmp(*shell, "zsh")) return JBK_OK;
    return jbk_fail(err, JBK_USAGE, "args", "for which shell? It is bash or zsh");
}

static int completion_main(int argc, char **argv) {
    jbk_err err = {0};
    const char *shell;
    bool help;
    if (parse(argc, argv, &shell, &help, &err)) return jbk_report(&err);
    if (help) {
        jbk_print_help(&jbk_command_completion);
        return 0;
    }
    jbk_buf out = {0};
    if (!strcmp(shell, "bash"))
        put_bash(&out);
    else
        put_zsh(&out);
    fwrite(out.data, 1, out.len, stdout);
    jbk_buf_free(&out);
    return 0;
}

const jbk_command jbk_command_completion = {"completion",
                                            "bash|zsh",
                                            "print what lets a shell complete jibek",
                                            OPTIONS,
                                            "For this session: source <(jibek completion bash)",
                                            completion_main};
