#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
#
# Put the built site online: deploy/publish.sh publish | rollback | releases, with
#   TARGET   /folder or user@host:/folder       RELEASE  for rollback: a release or its number
#   SITE     the built site (_build/html)       PREVIEW  1: the site is a preview
#   SSH      how ssh is called (ssh)            YES      1: confirm what the script refuses to guess
# At the target `current` links to releases/ikm-NUMBER-DATE[-preview]. Only such folders are ever
# removed, and only one rename ever changes `current`. deploy/README.md says the rest.
# shellcheck disable=SC2016  # scripts in single quotes run at the target
set -euo pipefail
cd "$(dirname "$0")/.."
die() { printf '%s\n' "$@" >&2; exit 1; }
quote() { local word; for word; do printf "'%s' " "${word//\'/\'\\\'\'}"; done; }
# Run a POSIX script with arguments at the target: at_target SCRIPT NAME ARGUMENT...
at_target() { if [[ $host ]]; then "${ssh[@]}" -- "$host" "sh -c $(quote "$@")"; else sh -c "$@"; fi; }

command=${1:-} preview='' site=${SITE:-${BUILDDIR:-_build}/html} host='' folder=${TARGET:-}
[[ ${PREVIEW:-} == 1 ]] && preview=-preview
read -ra ssh <<<"${SSH:-ssh}"
[[ $folder =~ ^([^/:]+):(.*)$ ]] && host=${BASH_REMATCH[1]} folder=${BASH_REMATCH[2]}
[[ $folder == *[!/]* && $folder != -* && $host != -* && $command =~ ^(publish|rollback|releases)$ ]] ||
  die "Es fehlt das Ziel. Zum Beispiel:" \
    "  make ${command:-publish} TARGET=/srv/ikm   oder   TARGET=konto@server:/srv/ikm"
unchanged="Die Website online ist unverändert."

# A process at the target holds the lock until this script and its children have ended, however
# they end: it reads from a pipe that nobody else writes to. It also removes what a killed run left.
pipe=$(mktemp -d) && mkfifo "$pipe/alive"
exec 7< <(at_target '
  umask 022; name="ikm-[0-9]{4,}-[0-9-]{10}(-preview)?"
  test "$1" != publish || mkdir -p -- "$2/releases" || exit
  cd "$2" && exec 9>.lock || exit
  flock -n 9 || { test $? != 1 || echo "Dorthin wird gerade schon veröffentlicht; bitte danach wiederholen." >&2; exit 1; }
  live=$(readlink current) && echo "$live" | grep -qxE "releases/$name" || test ! -e current -a ! -L current || {
    echo "„$2/current“ gehört nicht zu dieser Website; bitte verschieben oder ein anderes TARGET nennen." >&2; exit 1; }
  rm -rf .current.new releases/.gone-ikm
  for left in releases/.ikm-[0-9]*; do  # renamed first, should a killed run still be at work on it
    mv -T "$left" releases/.gone-ikm 2>/dev/null && rm -rf releases/.gone-ikm
  done
  test -d current || live=
  echo "live=${live#releases/}" $(ls releases | grep -xE "$name" | sort -V)
  exec cat' lock "$command" "$folder" <"$pipe/alive")
exec 8>"$pipe/alive" && rm -r "$pipe"
read -ra releases <&7 || die "Das Ziel $TARGET ist nicht bereit; der Grund steht darüber. $unchanged"
live=${releases[0]#live=} releases=("${releases[@]:1}") older=() newer=() passed=''
for release in "${releases[@]}"; do
  if [[ $passed ]]; then newer+=("$release"); else older+=("$release"); fi
  [[ $release != "$live" ]] || passed=1
done

# Refuse to let a preview take the place of the real site by mistake.
check_kind() {
  [[ $1 != *-preview || ! $live || $live == *-preview || ${YES:-} == 1 ]] ||
    die "$1 ist eine Vorschau und würde die echte Website $live ersetzen." \
      "Für Vorschauen ein eigenes TARGET nehmen, oder mit YES=1 bestätigen. $unchanged"
}

# Lead readers to a release: switch_to FOLDER NAME OLD..., where the OLD releases are removed.
# Files that pages of the live release load remain, for pages that are still open.
switch_to() {
  at_target '
    set -e; umask 022; cd "$1"; live=$2 folder=releases/$3 name=releases/$4; shift 4
    test -s "$folder/index.html" || { echo "$folder ist beschädigt: index.html fehlt." >&2; exit 1; }
    test -z "$live" || (cd "releases/$live"; find . -path "*/_static/*" -type f) | while read -r file; do
      test ! -e "$folder/$file" || continue
      grep -qsF "${file##*/}" "releases/$live/"*.html "releases/$live/"*/*.html || continue
      mkdir -p "$folder/${file%/*}"; cp -p "releases/$live/$file" "$folder/$file"
    done
    sync -f "$folder" 2>/dev/null || sync
    test "$folder" = "$name" || mv -T "$folder" "$name"
    ln -s "$name" .current.new && mv -T .current.new current
    for old; do mv -T "releases/$old" "releases/.$old" && rm -rf "releases/.$old"; done
  ' switch "$folder" "$live" "$@" || die "Nicht umgeschaltet; der Grund steht darüber."
  echo "Online ist jetzt $2 ($TARGET)."
}

publish() {
  local last name
  [[ -s $site/index.html ]] || die "In $site ist keine Website. Zuerst: make html"
  IFS=- read -r _ last _ <<<"${releases[*]: -1}"
  name=$(printf 'ikm-%04d-%(%F)T' "$((10#${last:-0} + 1))" -1)$preview
  check_kind "$name"
  at_target 'test -z "$2" || { cd "$1/releases/$2" && find . -type f; }' find "$folder" "$live" |
    "${VENV:-.venv}/bin/python" -X utf8 -m tools.gate "$site" || die "NICHT veröffentlicht. $unchanged"
  rsync --recursive --checksum --perms --chmod=D755,F644 --secluded-args --timeout=60 --rsh="${SSH:-ssh}" \
    ${host:+--compress} ${live:+"--link-dest=../$live/"} -- "$site/" \
    "${host:+$host:}$folder/releases/.$name/" || {
    at_target 'rm -rf "$1/releases/.$2"' clean "$folder" "$name" || :
    die "Nicht kopiert; der Grund steht darüber. $unchanged"
  }
  # Newer ones than the live one were withdrawn by a rollback: a later rollback must not lead there.
  ((${#older[@]} < 5)) || newer+=("${older[@]:0:${#older[@]}-4}")
  switch_to ".$name" "$name" "${newer[@]}"
}

rollback() {
  local release wanted=''
  if [[ $live && ! ${RELEASE:-} && ${#older[@]} -gt 1 ]]; then wanted=${older[-2]}; fi
  for release in "${releases[@]}"; do
    [[ $release != "${RELEASE:-}" && ! $release =~ ^ikm-0*"${RELEASE:-}"- ]] || wanted=$release
  done
  [[ $wanted && $wanted != "$live" ]] || die "${RELEASE:-Eine frühere Fassung} gibt es nicht, oder sie ist schon online." \
    "Vorhanden sind:" "$(list)" "Wählen mit RELEASE=Nummer. $unchanged"
  check_kind "$wanted"
  switch_to "$wanted" "$wanted"
}

list() { ((!${#releases[@]})) || printf '%s\n' "${releases[@]}" | sed "s/^/  /; s/^  $live\$/→ $live/"; }

case $command in releases) list ;; *) "$command" ;; esac
