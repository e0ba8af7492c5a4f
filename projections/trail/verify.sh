#!/usr/bin/env bash
# Checks this pack with bash, openssl 3 and coreutils alone, no network: bash verify.sh [POLICY [TSA.PEM]] (your own copies).
# 이 묶음을 bash·openssl 3·coreutils만으로 망 없이 확인합니다: bash verify.sh [정책 [TSA.PEM]] (따로 받아 둔 파일).
export LC_ALL=C; here=$(dirname -- "$0"); shopt -s nullglob; declare -A memo have gone; failed=0 origin=''
policy=$(realpath -- "${1:-$here/policy}"); tsa=$(realpath -- "${2:-$here/tsa.pem}"); cd -- "$here" || exit 1
t=$(mktemp -d) || exit 1; trap 'rm -rf "$t"' EXIT
ok() { echo "OK      $1"; }; bad() { echo "NOT OK  $1: $2"; failed=1; return 1; }
esc() { local h=$1; E=; while [[ $h ]]; do E+="\\x${h:0:2}"; h=${h:2}; done; } # hex for printf
unb64() { base64 -d <<<"$1" 2>/dev/null | od -An -v -tx1 | tr -d ' \n'; }
node() { [[ ${memo[$1$2]} ]] || { esc "01$1$2"; R=$(printf "$E" | sha256sum); memo[$1$2]=${R%% *}; }; R=${memo[$1$2]}; }; up() { ((f >>= 1, s >>= 1)); return 0; }
included() { # leaf's hash, index, size, path: R is the root that they lead to (RFC 9162, 2.1.3.2)
  local f=$2 s=$(($3 - 1)) p; R=$1; for p in "${@:4}"; do ((s)) || return 1
    if ((f & 1 || f == s)); then node "$p" "$R"; while ((!(f & 1) && f)); do up; done; else node "$R" "$p"; fi; up; done; ((s == 0)); }
consistent() { # old size, old root, new size, new root, path (RFC 9162, 2.1.4.2)
  local f=$(($1 - 1)) s=$(($3 - 1)) old=$2 new=$4 a b p; (($1 == $3)) && { [[ $# == 4 && $2 == "$4" ]]; return; }
  if (($1 & ($1 - 1))); then shift 4; else shift 4; set -- "$old" "$@"; fi; (($#)) || return 1
  while ((f & 1)); do up; done; a=$1 b=$1; for p in "${@:2}"; do ((s)) || return 1
    if ((f & 1 || f == s)); then node "$p" "$a"; a=$R; node "$p" "$b"; b=$R; while ((!(f & 1) && f)); do up; done; else node "$b" "$p"; b=$R; fi; up
  done; [[ $s == 0 && $a == "$old" && $b == "$new" ]]; }
signed() { # vkey, algorithm: whether it signed the note in the lines l; the time of a cosignature is in at
  local n=${1%%+*} k=${1#*+} id raw x s sig; id=${k%%+*} k=${k#*+}; raw=$(unb64 "$k"); esc "$raw"; at=; R=$(printf "%s\n$E" "$n" | sha256sum)
  [[ $raw =~ ^$2.{64}$ && ${R:0:8} == "$id" ]] || { bad "$policy" "$n is no key"; return 1; }
  esc "302a300506032b6570032100${raw:2}"; printf "$E" >"$t/key"; while read -r x s sig; do sig=$(unb64 "$sig")
    [[ $x == — && $s == "$n" && ${sig:0:8} == "$id" && ${#sig} == $(($2 == 1 ? 136 : 152)) ]] || continue; sig=${sig:8}; cp "$t/text" "$t/msg"
    [[ $2 == 01 ]] || { at=$((16#${sig:0:16})); sig=${sig:16}; printf 'cosignature/v1\ntime %s\n' "$at" | cat - "$t/text" >"$t/msg"; }
    esc "$sig"; printf "$E" >"$t/sig"; openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey "$t/key" -in "$t/msg" -sigfile "$t/sig" >"$t/out" 2>&1 && return
  done < <(printf '%s\n' "${l[@]:4}"); return 1; }
note() { # file, what to call it: sets size, root, log, quorum, low and high of the witnesses' times. A retired log key may have signed an old one.
  local l=() w a b rest m n; mapfile -t l <"$1"; have=() who='' low='' high='' quorum='' log='' size=${l[1]} root=$(unb64 "${l[2]}"); printf '%s\n' "${l[@]:0:3}" >"$t/text"
  [[ $size =~ ^[1-9][0-9]{0,15}$ && ${#root} == 64 ]] || { bad "$2" 'it has not the form of a checkpoint, or is of an empty log'; return 1; }
  [[ ${l[3]-x} == '' ]] || { bad "$2" "it has an extension line: ${l[3]}"; return 1; }; while read -r w a b rest; do case $w in
    log) signed "$a" 01 && [[ ${a%%+*} == "${l[0]}" ]] && log=1 ;;
    witness) signed "${b%% *}" 04 && have[$a]=1 who+=" $a" && { ((at < ${low:-at + 1})) && low=$at; ((at > ${high:--1})) && high=$at; } ;;
    group) n=0; for m in $rest; do ((n += ${have[$m]:-0})); done; m=($rest); [[ $b == any ]] && b=1; [[ $b == all ]] && b=${#m[@]}; [[ $b =~ ^[1-9][0-9]{0,3}$ ]] && ((n >= b)) && have[$a]=1 ;;
    quorum) [[ $a == none || ${have[$a]} ]] && quorum=1 ;; esac; done <"$policy"
  [[ $log || $origin == "${l[0]}" ]] || bad "$2" "no log key of the policy has signed it, or it is of another log (${l[0]})" || return 1; origin=${origin:-${l[0]}}; }
stamped() { x=$(openssl ts -reply -token_in -in "$1" -token_out -text 2>&1); x=${x##*Time stamp: }; x=$(date -d "${x%%$'\n'*}" +%s 2>"$t/out") && # token, note; its time is in x
  openssl ts -verify -data "$2" -in "$1" -token_in -CAfile "$tsa" -untrusted "$tsa" -attime "$x" >"$t/out" 2>&1; }
sha256sum --check --strict --quiet SHA256SUMS >"$t/out" 2>&1 && ok 'every file is as SHA256SUMS has it' || bad SHA256SUMS "$(head -n 1 "$t/out")"
note checkpoint checkpoint && [[ $log ]] || exit 1; N=$size ROOT=$root tops=("$N $high"); ok "checkpoint of $N facts, signed by the log"
[[ $quorum ]] && ok "quorum of witnesses:$who" || bad checkpoint "it has not the quorum of witnesses that the policy asks for (there are:$who)"
for c in checkpoints/* timestamps/*.note; do note "$c" "$c" || continue; tops+=("$size $high"); mapfile -t p < <(while read -r x; do unb64 "$x"; echo; done <"consistency/$size")
  consistent "$size" "$root" "$N" "$ROOT" "${p[@]}" && ok "$c is a beginning of it" || bad "$c" "the log is not consistent with this checkpoint of $size facts"
  [[ $c == *.note ]] || continue; stamped "${c%note}tsr" "$c" && tops+=("$size $x") && ok "$c was timestamped at $(date -ud "@$x")" || bad "${c%note}tsr" "$(tail -n 1 "$t/out")"
done; last='' floor=0; [[ $(ls events) && $(ls events) == "$(ls leaves)" ]] || bad events 'there are none, or not every one has its leaf'
for p in $(ls leaves | sort -n); do [[ $p =~ ^[1-9][0-9]{0,15}\.json$ ]] || { bad "leaves/$p" 'it is no position'; continue; }; p=${p%.json} why='' path=() n=2; e=$(<"events/$p.json") leaf=$(<"leaves/$p.json"); mapfile -t l <"proofs/$p.tlog-proof"
  [[ $leaf =~ ^\{\"i\":$((p - 1)),\"known_at\":\"[^\"]+\",\"recorded_at\":\"([^\"]+)\",\"state_sha256\":\"([0-9a-f]{64})\",\"stream\":\"([^\"[:cntrl:]]+)\",\"topic\":\"([^\"[:cntrl:]]+)\" ]] || { bad "leaves/$p.json" 'it is not the leaf of this event'; continue; }
  when=${BASH_REMATCH[1]} x=${BASH_REMATCH[2]} s=${BASH_REMATCH[3]} k=${BASH_REMATCH[4]}; rec=$(date -d "$when" +%s); [[ $(sha256sum <"events/$p.json") == "$x  -" ]] || why="events/$p.json is not what its leaf says; "
  [[ "${l[0]} ${l[1]}" == "c2sp.org/tlog-proof@v1 index $((p - 1))" ]] || why+="proofs/$p.tlog-proof is for another index; "; while [[ ${l[n]} ]]; do path+=("$(unb64 "${l[n]}")"); ((n++)); done
  [[ $(printf '%s\n' "${l[@]:n+1}") == "$(<checkpoint)" ]] || why+='the proof is for another checkpoint; '; R=$({ printf '\0'; cat "leaves/$p.json"; } | sha256sum)
  included "${R%% *}" $((p - 1)) "$N" "${path[@]}" && [[ $R == "$ROOT" ]] || why+="it does not lead to the checkpoint's root; "; [[ ! $when < $last ]] || why+='it was recorded before the one before it; '; last=$when
  [[ $k == trail.sealed || $k == trail.timestamped ]] && [[ $e =~ \"note\":\"([^\"]*)\" ]] && printf '%b' "${BASH_REMATCH[1]}" >"$t/note" && [[ $(head -n 1 "$t/note") == "$origin" ]] && note "$t/note" "events/$p.json" && { ((low > floor)) && floor=$low
    [[ $k == trail.timestamped && $e =~ \"token\":\"([^\"]*)\",\"at\":\"([^\"]*)\" ]] && { base64 -d <<<"${BASH_REMATCH[1]}" >"$t/tsr" 2>"$t/out"; y=$(date -d "${BASH_REMATCH[2]}" +%s); stamped "$t/tsr" "$t/note" && ((x == y)) && { ((x < floor)) || floor=$x; } || why+="its timestamp is no authority's, or of another time; "; }; }
  ((rec >= floor - 60)) || why+='it was recorded before a checkpoint that was there already; '; [[ $k == text.redacted && $s =~ ^text/[0-9a-f]{32}$ ]] && unset "gone[${s#text/}]"
  for c in "${tops[@]}"; do ((p <= ${c% *} && ${c#* } && rec > ${c#* } + 60)) && why+="it was recorded after others saw it among ${c% *} facts; "; done
  while [[ $e =~ \"id\":\"([0-9a-f]{32})\",\"commitment\":\"([0-9a-f]{64})\"(.*) ]]; do c=texts/$p.${BASH_REMATCH[1]} x=${BASH_REMATCH[2]} e=${BASH_REMATCH[3]}
    if [[ ! -e $c.txt ]]; then gone[${c##*.}]=$c; elif [[ $(cat "$c.salt" "$c.txt" | sha256sum) != "$x  -" ]]; then why+="$c.txt is not the text that was committed to; "; fi; done
  [[ $why ]] && bad "event $p" "$why" || ok "event $p: $s $k, recorded $when"; done; for c in "${gone[@]}"; do bad "$c.txt" 'it is missing, and no event here says that it was redacted'; done
echo; echo "Compare with what you got on paper (종이로 받은 것과 비교하십시오): $policy, root $ROOT"; cat "$policy"; sha256sum "$tsa" 2>"$t/out"
((failed)) && { echo 'NOT OK (확인 실패)'; exit 1; }; echo 'OK (모두 확인됨)'
