# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Configurations of web servers, written from the table of headers and the old addresses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from ikm_site.languages import LANGUAGES
from ikm_site.publish.headers import (
    FINGERPRINTED,
    FOR_EVER,
    HEADERS,
    REVALIDATE,
    TEXTS,
    TYPES,
    Policies,
    missing_pages,
)
from ikm_site.publish.rules import Rule

_MADE = "# Made by `make release` from ikm_site/publish; do not edit. See deploy/README.md.\n"

#: Of no use to readers: hidden files, other servers' rules, the compressed copies by name.
_HIDDEN = r"/\.(?!well-known/)|^/_(?:headers|redirects)$|\.(?:br|gz)$"


def _quote(text: str) -> str:
    """A string for nginx, Apache and Caddy alike."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _key(rule: Rule) -> str:
    """A rule's left side in the maps of nginx and Caddy: language, blank, path."""
    if not rule.below:
        return f"{rule.language} {rule.path}"
    return f"~^{rule.language} {rule.path}".replace(".", "[.]")


def nginx_http(policies: Policies, rules: Sequence[Rule]) -> str:
    """What belongs into nginx's `http` block: maps and the format of the log."""
    lines = [
        _MADE,
        "# Who reads what is nobody's business: no address, no query (search words), no referrer.",
        "log_format ikm '$time_iso8601 $request_method $uri $status $body_bytes_sent';",
        "",
        "map_hash_bucket_size 512;",
        "map_hash_max_size 8192;",
        "",
        "map $uri $ikm_policy {",
        f"    default {_quote(policies.default)};",
    ]
    for policy, pages in policies.others.items():
        lines += [f"    {_quote(page)} {_quote(policy)};" for page in pages]
    lines += [
        "}",
        "",
        "# Answers that are kept for ever must be answers: a missing file is asked for again.",
        'map "$status $uri" $ikm_cache {',
        f"    default {_quote(REVALIDATE)};",
        f"    {_quote('~^(?:200|206|304) .*' + FINGERPRINTED)} {_quote(FOR_EVER)};".replace(
            "\\\\", "\\"
        ),
        "}",
        "map $status $ikm_allow {",
        '    default "";',
        '    405 "GET, HEAD";',
        "}",
        "",
        "map $uri $ikm_missing {",
    ]
    for start, page in missing_pages():
        lines.append(f"    ~^{start} {page};" if start != "/" else f"    default {page};")
    lines += [
        "}",
        "",
        "map $arg_lang $ikm_language {",
        '    default "";',
        *(f"    {entry.code} {entry.code};" for entry in LANGUAGES),
        "}",
        'map "$ikm_language $uri" $ikm_redirect {',
        '    default "";',
    ]
    lines += [f'    "{_key(rule)}" "{rule.to}";' for rule in rules]
    return "\n".join([*lines, "}", ""])


def nginx_site(*, brotli: bool) -> str:
    """What belongs into nginx's `server` block, beside `listen`, `server_name` and `root`."""
    lines = [
        _MADE,
        "index index.html;",
        "charset utf-8;",
        "charset_types " + " ".join(sorted({TYPES[e] for e in TEXTS} - {"text/html"})) + ";",
        "types {",
        *(f"    {kind} {ending};" for ending, kind in sorted(TYPES.items())),
        "}",
        "default_type application/octet-stream;",
        "",
        "# Copies compressed beforehand lie beside the files.",
        "gzip off;",
        "gzip_static on;",
        *(["brotli_static on;"] if brotli else []),
        "add_header Vary Accept-Encoding always;",
        "",
        *(f"add_header {name} {_quote(value)} always;" for name, value in HEADERS.items()),
        "add_header Content-Security-Policy $ikm_policy always;",
        "add_header Cache-Control $ikm_cache always;",
        "add_header Allow $ikm_allow always;",
        "server_tokens off;",
        "",
        "# Links stay on the host that the reader asked, whatever the request says.",
        "absolute_redirect off;",
        "if ($request_method !~ ^(?:GET|HEAD)$) { return 405; }",
        'if ($ikm_redirect != "") { return 301 $ikm_redirect; }',
        "error_page 404 $ikm_missing;",
        f"location ~ {_quote(_HIDDEN)} {{ return 404; }}".replace("\\\\", "\\"),
        "",
        "client_max_body_size 1k;",
        "client_header_timeout 10s;",
        "client_body_timeout 10s;",
        "send_timeout 30s;",
        "",
    ]
    return "\n".join(lines).rstrip() + "\n"


def nginx_main(*, brotli: bool) -> str:
    """A whole nginx.conf, for a container or a try: `nginx -p TARGET -c current/server/…`."""
    name = "nginx-site-brotli.conf" if brotli else "nginx-site.conf"
    module = (
        "load_module /usr/lib/nginx/modules/ngx_http_brotli_static_module.so;\n" if brotli else ""
    )
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"    {kind}_temp_path run/{kind};\n" for kind in kinds)
    return (
        f"{_MADE}"
        "# Start it with the folder of the releases as prefix; run/ is all that it writes to:\n"
        "#   nginx -p /srv/ikm/ -c current/server/nginx.conf\n"
        f"{module}"
        "daemon off;\n"
        "worker_processes auto;\n"
        "pid run/nginx.pid;\n"
        "# What nginx says about single requests names the reader's address: only alarms.\n"
        "error_log stderr alert;\n"
        "events { worker_connections 4096; }\n"
        "http {\n"
        f"{temporary}"
        "    sendfile on;\n"
        "    tcp_nopush on;\n"
        "    include nginx-http.conf;\n"
        "    access_log /dev/stdout ikm;\n"
        "    server {\n"
        "        listen 8080;\n"
        "        root current/site;\n"
        f"        include {name};\n"
        "    }\n"
        "}\n"
    )


def htaccess(policies: Policies, rules: Sequence[Rule]) -> str:
    """Apache's `.htaccess`, for the root of the site.

    Needs AllowOverride All and the modules headers, mime, rewrite, dir.
    """
    texts = " ".join(f".{ending}" for ending in sorted(TEXTS))
    lines = [
        _MADE,
        "Options -Indexes -MultiViews +SymLinksIfOwnerMatch",
        "DirectoryIndex index.html",
        "DirectorySlash On",
        "FileETag MTime Size",
        *(f"AddType {kind} .{ending}" for ending, kind in sorted(TYPES.items())),
        f"AddCharset utf-8 {texts}",
        "",
    ]
    lines += [f"Header always set {name} {_quote(value)}" for name, value in HEADERS.items()]
    lines += [
        # Errors have no file: the default first, for all; then what differs, by address.
        f"Header always set Content-Security-Policy {_quote(policies.default)}",
        f"Header always set Cache-Control {_quote(REVALIDATE)}",
        "Header always merge Vary Accept-Encoding",
        "Header always unset X-Powered-By",
    ]
    for policy, pages in policies.others.items():
        pattern = "|".join(re.escape(page) for page in pages)
        lines += [
            f'<If "%{{REQUEST_URI}} =~ m#^(?:{pattern})$#">',
            f"    Header always set Content-Security-Policy {_quote(policy)}",
            "</If>",
        ]
    lines += [
        f'<If "%{{REQUEST_URI}} =~ m#{FINGERPRINTED}# && -f %{{REQUEST_FILENAME}}">',
        f"    Header always set Cache-Control {_quote(FOR_EVER)}",
        "</If>",
        "",
    ]
    for start, page in reversed(missing_pages()):
        if start == "/":
            lines.append(f"ErrorDocument 404 {page}")
        else:
            lines += [
                f'<If "%{{REQUEST_URI}} =~ m#^{start}#">',
                f"    ErrorDocument 404 {page}",
                "</If>",
            ]
    lines += [
        "",
        "RewriteEngine On",
        "RewriteRule ^ - [E=no-gzip:1,E=no-brotli:1]",
        "RewriteCond %{REQUEST_METHOD} !^(?:GET|HEAD)$",
        "RewriteRule ^ - [R=405,L]",
        "",
        "# Of no use to readers; copies compressed beforehand only by way of their file.",
        "RewriteCond %{ENV:REDIRECT_STATUS} ^$",
        r"RewriteRule (?:^|/)\.(?!well-known/)|^_(?:headers|redirects)$|\.(?:br|gz)$ - [R=404,L]",
        "",
    ]
    for rule in rules:
        if rule.language:
            lines.append(f"RewriteCond %{{QUERY_STRING}} (?:^|&)lang={rule.language}(?:&|$)")
        path = rule.path.removeprefix("/").replace(".", "[.]")
        end = "" if rule.below else "$"
        lines.append(f"RewriteRule ^{path}{end} {rule.to} [R=301,L,QSD,NE]")
    lines += ["", "# A folder is its index, also in its compressed form."]
    lines += [
        "RewriteCond %{REQUEST_FILENAME} -d",
        "RewriteCond %{REQUEST_FILENAME}/index.html -f",
        "RewriteRule ^(?:(.*)/)?$ %{REQUEST_URI}index.html [L]",
    ]
    for coding, ending in (("br", "br"), ("gzip", "gz")):
        lines += [
            f'RewriteCond %{{HTTP:Accept-Encoding}} "(?:^|[ ,]){coding}(?:$|[ ,;])"',
            f"RewriteCond %{{REQUEST_FILENAME}}.{ending} -f",
            f"RewriteRule ^(.+)$ $1.{ending} [L]",
        ]
    for coding, ending in (("br", "br"), ("gzip", "gz")):
        lines += [
            f'<FilesMatch "\\.{ending}$">',
            f"    RemoveType .{ending}",
            f"    RemoveEncoding .{ending}",
            f"    RemoveLanguage .{ending}",
            f"    Header set Content-Encoding {coding}",
            "</FilesMatch>",
        ]
    return "\n".join([*lines, ""])


def caddyfile(policies: Policies, rules: Sequence[Rule]) -> str:
    """A Caddyfile; the address and root come from the environment (IKM_ADDRESS, IKM_ROOT)."""
    lines = [
        _MADE,
        "# caddy run --config Caddyfile; with IKM_ADDRESS=www.example.org Caddy fetches the",
        "# certificate itself.",
        "{",
        "\tadmin off",
        "}",
        "",
        "{$IKM_ADDRESS:http://:8080} {",
        "\troot * {$IKM_ROOT:/srv/ikm/current/site}",
        "",
        "\t# Who reads what is nobody's business: no address, no query, nothing a browser says.",
        "\tlog {",
        "\t\toutput {$IKM_LOG:stdout}",
        "\t\tformat filter {",
        "\t\t\twrap json",
        "\t\t\tfields {",
        *(
            f"\t\t\t\t{field} delete"
            for field in (
                "request>remote_ip", "request>remote_port", "request>client_ip",
                "request>headers", "request>tls", "user_id", "resp_headers",
            )
        ),
        '\t\t\t\trequest>uri regexp "[?].*" ""',
        "\t\t\t}",
        "\t\t}",
        "\t}",
        "",
        # In the order in which it is written.
        "\troute {",
        "\theader -Server",
        # Without a deletion among them, which would put all off to the end of the answer, where
        # errors do not pass.
        "\theader {",
        *(f"\t\t{name} {_quote(value)}" for name, value in HEADERS.items()),
        f"\t\tContent-Security-Policy {_quote(policies.default)}",
        f"\t\tCache-Control {_quote(REVALIDATE)}",
        "\t\t+Vary Accept-Encoding",
        "\t}",
    ]  # fmt: skip
    for number, (policy, pages) in enumerate(policies.others.items()):
        lines += [
            f"\t@policy{number} path {' '.join(pages)}",
            f"\theader @policy{number} Content-Security-Policy {_quote(policy)}",
        ]
    lines += [
        "\t@fingerprinted {",
        f"\t\tpath_regexp {FINGERPRINTED}",
        "\t\tfile",
        "\t}",
        f"\theader @fingerprinted Cache-Control {_quote(FOR_EVER)}",
    ]
    for ending in sorted(TYPES):
        lines += [
            f"\t@{ending} path *.{ending}",
            f'\theader @{ending} Content-Type "{_full(ending)}"',
        ]
    lines += [
        "",
        "\t@method not method GET HEAD",
        "\thandle @method {",
        '\t\theader Allow "GET, HEAD"',
        "\t\trespond 405",
        "\t}",
        "",
        "\tmap {query.lang} {language} {",
        *(f"\t\t{entry.code} {entry.code}" for entry in LANGUAGES),
        '\t\tdefault ""',
        "\t}",
        '\tmap "{language} {path}" {redirect} {',
    ]
    lines += [f'\t\t"{_key(rule)}" "{rule.to}"' for rule in rules]
    lines += [
        '\t\tdefault ""',
        "\t}",
        '\t@redirect expression `{redirect} != ""`',
        "\tredir @redirect {redirect} 301",
        "",
        f"\t@hidden path_regexp {_caddy_hidden()}",
        "\terror @hidden 404",
        "\tfile_server {",
        "\t\tprecompressed br gzip",
        "\t}",
        "\t}",
        "\thandle_errors {",
    ]
    for number, (start, page) in enumerate(missing_pages()):
        matcher = f"@missing{number}"
        condition = "" if start == "/" else f" && {{path}}.startsWith('{start}')"
        lines += [
            f"\t\t{matcher} expression `{{err.status_code}} == 404{condition}`",
            f"\t\thandle {matcher} {{",
            f'\t\t\theader Content-Type "{_full("html")}"',
            f"\t\t\theader Cache-Control {_quote(REVALIDATE)}",
            f"\t\t\trewrite * {page}",
            "\t\t\tfile_server",
            "\t\t}",
        ]
    return "\n".join([*lines, "\t}", "}", ""])


def _caddy_hidden() -> str:
    # Go's expressions have no look-ahead.
    return r"/\.(?:[^w]|w[^e])|^/_(?:headers|redirects)$|\.(?:br|gz)$"


def _full(ending: str) -> str:
    return TYPES[ending] + ("; charset=utf-8" if ending in TEXTS else "")


def headers_file(policies: Policies) -> str:
    """`_headers` for Netlify, Cloudflare Pages and Codeberg's like.

    Such hosts join the values of all rules that fit, so there is one policy for all pages, the
    widest; the head of each page narrows it down.
    """
    lines = [_MADE, "/*"]
    lines += [f"  {name}: {value}" for name, value in HEADERS.items()]
    lines += [f"  Content-Security-Policy: {policies.widest}", f"  Cache-Control: {REVALIDATE}"]
    return "\n".join([*lines, ""])


def redirects_file(rules: Sequence[Rule]) -> str:
    """`_redirects` for Netlify, GitLab Pages, Cloudflare Pages.

    Where a host knows no query (`lang=en`), such a line is passed over.
    """
    lines = [_MADE]
    for rule in rules:
        query = f" lang={rule.language}" if rule.language else ""
        lines.append(f"{rule.path}{'*' if rule.below else ''}{query} {rule.to} 301!")
    return "\n".join([*lines, ""])


def write(site: Path, server: Path, rules: Sequence[Rule], policies: Policies) -> None:
    """Write what belongs into the site's root and what a server reads from elsewhere."""
    server.mkdir(parents=True)
    for file, text in {
        site / ".htaccess": htaccess(policies, rules),
        site / "_headers": headers_file(policies),
        site / "_redirects": redirects_file(rules),
        server / "nginx.conf": nginx_main(brotli=False),
        server / "nginx-brotli.conf": nginx_main(brotli=True),
        server / "nginx-http.conf": nginx_http(policies, rules),
        server / "nginx-site.conf": nginx_site(brotli=False),
        server / "nginx-site-brotli.conf": nginx_site(brotli=True),
        server / "Caddyfile": caddyfile(policies, rules),
    }.items():
        file.write_text(text, encoding="utf-8")
