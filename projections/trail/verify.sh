#!/usr/bin/env bash
# Checks this pack with bash, openssl 3 and coreutils alone, no network: bash verify.sh [POLICY [TSA.PEM]] (your own copies).
# 이 묶음을 bash·openssl 3·coreutils만으로 망 없이 확인합니다: bash verify.sh [정책 [TSA.PEM]] (따로 받아 둔 파일).
export LC_ALL=C; here=$(dirname -- "$0"); shopt -s nullglob globstar dotglob; declare -A memo have is gone red there; failed=0 origin='' i=0
policy=$(realpath -- "${1:-$here/policy}"); tsa=$(realpath -- "${2:-$here/tsa.pem}"); cd -- "$here" || exit 1; t=$(mktemp -d) || exit 1; trap 'rm -rf "$t"' EXIT
ok() { echo "OK      $1"; }; bad() { echo "NOT OK  $1: $2"; failed=1; return 1; }; whole() { local x; printf -v x '%s\n' "${l[@]}"; [[ $(stat -Lc %s "$1") == "${#x}" ]]; } # are the lines l all of the file?
esc() { local h=$1; E=; while [[ $h ]]; do E+="\\x${h:0:2}"; h=${h:2}; done; } # hex for printf
b64='([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=|[A-Za-z0-9+/][AQgw]==)?'; unb64() { [[ $1 =~ ^$b64$ ]] && base64 -d <<<"$1" | od -An -v -tx1 | tr -d ' \n'; } # the one spelling only
node() { [[ ${memo[.$1$2]} ]] || { esc "01$1$2"; R=$(printf "$E" | sha256sum); memo[.$1$2]=${R%% *}; }; R=${memo[.$1$2]}; }; up() { ((f >>= 1, s >>= 1)); return 0; }
included() { # leaf's hash, index, size, path: R is the root that they lead to (RFC 9162, 2.1.3.2)
  local f=$2 s=$(($3 - 1)) p; R=$1; for p in "${@:4}"; do ((s)) || return 1
    if ((f & 1 || f == s)); then node "$p" "$R"; while ((!(f & 1) && f)); do up; done; else node "$R" "$p"; fi; up; done; ((s == 0)); }
consistent() { # old size, old root, new size, new root, path (RFC 9162, 2.1.4.2)
  local f=$(($1 - 1)) s=$(($3 - 1)) old=$2 new=$4 a b p; (($1 <= $3)) || return 1; (($1 == $3)) && { [[ $# == 4 && $2 == "$4" ]]; return; }
  if (($1 & ($1 - 1))); then shift 4; else shift 4; set -- "$old" "$@"; fi; (($#)) || return 1
  while ((f & 1)); do up; done; a=$1 b=$1; for p in "${@:2}"; do ((s)) || return 1
    if ((f & 1 || f == s)); then node "$p" "$a"; a=$R; node "$p" "$b"; b=$R; while ((!(f & 1) && f)); do up; done; else node "$b" "$p"; b=$R; fi; up; done; [[ $s == 0 && $a == "$old" && $b == "$new" ]]; }
key() { local k=${1#*+}; name=${1%%+*} id=${k%%+*} raw=$(unb64 "${k#*+}"); esc "$raw"; R=$(printf "%s\n$E" "$name" | sha256sum); [[ $name && $raw =~ ^$2.{64}$ && ${R:0:8} == "$id" ]] && raw=${raw:2}; } # vkey, algorithm; raw is without that
new() { [[ $1 != none && ! ${is[.$1]} ]] && is[.$1]=1; }; line() { bad "$policy" "line $i is not understood, or uses a name or key twice, or one that does not stand above, or nobody can satisfy it"; exit 1; }
signed() { # vkey, algorithm: whether it signed the note in the lines l; the time of a cosignature is in at
  local x s sig found=1; key "$@"; esc "302a300506032b6570032100$raw"; printf "$E" >"$t/key"; while read -r x s sig; do sig=$(unb64 "$sig")
    [[ $s == "$name" && ${sig:0:8} == "$id" ]] || continue; [[ ${#sig} == $(($2 == 1 ? 136 : 152)) && ($2 == 01 || ${sig:8:1} < 8) ]] || return 2; sig=${sig:8}; cp "$t/text" "$t/msg"
    [[ $2 == 01 ]] || { ((found)) && at=$((16#${sig:0:16})); printf 'cosignature/v1\ntime %s\n' $((16#${sig:0:16})) | cat - "$t/text" >"$t/msg"; sig=${sig:16}; }
    esc "$sig"; printf "$E" >"$t/sig"; openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey "$t/key" -in "$t/msg" -sigfile "$t/sig" >"$t/out" 2>&1 || return 2; found=0; done < <(printf '%s\n' "${l[@]:4}"); return $found; }
note() { # file, what to call it: sets size, root, log, quorum, low and high of the witnesses' times. A retired log key may have signed an old one.
  local l=() w a b m n name id raw; mapfile -t l <"$1"; have=() who='' low='' high='' quorum='' log='' size=${l[1]} root=$(unb64 "${l[2]}"); printf '%s\n' "${l[@]:0:3}" >"$t/text"
  [[ $size =~ ^[1-9][0-9]{0,15}$ && ${#root} == 64 ]] && whole "$1" || bad "$2" 'it has not the form of a checkpoint, or is of an empty log' || return
  [[ ! ${l[3]-x} ]] || bad "$2" "it has an extension line: ${l[3]}" || return; for w in "${l[@]:4}" "${l[4]-x}"; do [[ $w =~ ^—\ [^[:space:][:cntrl:]+]+\ $b64$ ]] || bad "$2" 'it has not the form of a signed note' || return; done
  while read -ra m || ((${#m[@]})); do a=${m[1]} b=${m[2]} n=0; case ${m[0]} in log) signed "$a" 01; n=$?; ((n == 0)) && [[ $name == "${l[0]}" ]] && log=1 ;;
    witness) signed "$b" 04; n=$?; ((n == 0)) && have[.$a]=1 who+=" $a" && { ((at < ${low:-at + 1})) && low=$at; ((at > ${high:--1})) && high=$at; } ;;
    group) for w in "${m[@]:3}"; do ((n += ${have[.$w]:-0})); done; [[ $b == any ]] && b=1; [[ $b == all ]] && b=$((${#m[@]} - 3)); ((n >= b)) && have[.$a]=1; n=0 ;;
    quorum) [[ $a == none || ${have[.$a]} ]] && quorum=1 ;; esac; ((n != 2)) || bad "$2" "the signature by $name does not fit" || return; done <"$t/policy"
  [[ $log || $origin == "${l[0]}" ]] || bad "$2" "no log key of the policy has signed it, or it is of another log (${l[0]})" || return; origin=${origin:-${l[0]}}; }
stamped() { x=$(openssl ts -reply -token_in -in "$1" -token_out -text 2>&1); x=${x##*Time stamp: }; x=$(date -d "${x%%$'\n'*}" +%s 2>"$t/out") && { cat "$1" >"$t/1"; cat "$2" >"$t/2"; cat "$tsa" >"$t/3"; } 2>"$t/out" && (cd "$t" && openssl ts -verify -data 2 -in 1 -token_in -CAfile 3 -untrusted 3 -attime "$x" >out 2>&1); } # token, note; x is its time. openssl parts names at spaces
x=$(comm -3 <(for p in **; do [[ -d $p && ! -L $p || $p == SHA256SUMS ]] || echo "$p"; done | sort) <(while read -r x p; do echo "$p"; done <SHA256SUMS | sort -u) | head -n 1)
sha256sum --check --strict --quiet SHA256SUMS >"$t/out" 2>&1 && [[ ! $x ]] && ok 'every file is as SHA256SUMS has it' || bad SHA256SUMS "${x:+it is not a list of the files that are here: $x }$(head -n 1 "$t/out")"
tr -d '\r' <"$policy" >"$t/policy"; while read -ra m || ((${#m[@]})); do ((++i)); n=${#m[@]} a=${m[1]} b=${m[2]}; case ${m[0]} in '' | '#'*) ;;
  log) ((n == 2 || n == 3)) && key "$a" 01 && new " $raw" || line ;; witness) ((n == 3 || n == 4)) && key "$b" 04 && new " $raw" && new "$a" || line ;;
  group) [[ $b == any || $b == all || $b =~ ^[1-9][0-9]{0,3}$ && $b -le $((n - 3)) ]] && ((n > 3)) || line; for x in "${m[@]:3}"; do [[ ${is[.$x]} == 1 ]] && is[.$x]=2 || line; done; new "$a" || line ;;
  quorum) ((n == 2)) && [[ $a == none || ${is[.$a]} ]] && new ' quorum' || line ;; *) line ;; esac; done <"$t/policy"; [[ ${is[. quorum]} ]] || line
note checkpoint checkpoint && [[ $log ]] || exit 1; N=$size ROOT=$root tops=(${high:+"$N $high"}); ok "checkpoint of $N facts, signed by the log"; [[ $quorum ]] && ok "quorum of witnesses:${who:- the policy asks for none, so nothing shows that the operator did not rewrite it}" || bad checkpoint "it has not the quorum of witnesses that the policy asks for (there are:$who)"
for c in checkpoints/* timestamps/*.note; do note "$c" "$c" || continue; tops+=(${high:+"$size $high"}); [[ -e consistency/$size ]] || { bad "consistency/$size" 'it is missing'; continue; }; mapfile -t l <"consistency/$size"; p=(); for x in "${l[@]}"; do p+=("$(unb64 "$x")"); done
  { [[ ! -s consistency/$size ]] || whole "consistency/$size"; } && consistent "$size" "$root" "$N" "$ROOT" "${p[@]}" && ok "$c is a beginning of it" || bad "$c" "the log is not consistent with this checkpoint of $size facts"
  [[ $c == *.note ]] || continue; stamped "${c%note}tsr" "$c" && tops+=("$size $x") && ok "$c was timestamped at $(date -ud "@$x")" || bad "${c%note}tsr" "$(tail -n 1 "$t/out")"
done; last='' floor=0 z='[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z'; x=$(ls -A events); [[ $x && $x == "$(ls -A leaves)" && ${x//.json/.tlog-proof} == "$(ls -A proofs)" ]] || bad events 'there are none, or not every one has its leaf and proof'
for p in $(ls leaves | sort -n); do [[ $p =~ ^[1-9][0-9]{0,15}\.json$ ]] || { bad "leaves/$p" 'it is no position'; continue; }; p=${p%.json}; [[ -f events/$p.json && -f proofs/$p.tlog-proof ]] || { bad "event $p" 'a file of it is missing'; continue; }; why='' path=() n=2; e=$(<"events/$p.json") leaf=$(<"leaves/$p.json"); mapfile -t l <"proofs/$p.tlog-proof"
  [[ $leaf =~ ^\{\"i\":$((p - 1)),\"known_at\":\"$z\",\"recorded_at\":\"($z)\",\"state_sha256\":\"([0-9a-f]{64})\",\"stream\":\"(([^\"\\[:cntrl:]]|\\.)+)\",\"topic\":\"(([^\"\\[:cntrl:]]|\\.)+)\",\"v\":1,\"ver\":[1-9][0-9]*\}$ ]] || { bad "leaves/$p.json" 'it is not the leaf of this event'; continue; }
  when=${BASH_REMATCH[1]} x=${BASH_REMATCH[2]} s=${BASH_REMATCH[3]} k=${BASH_REMATCH[5]}; rec=$(date -d "$when" +%s 2>"$t/out") || why='its time is none; ' rec=0; [[ $(sha256sum <"events/$p.json") == "$x  -" ]] || why+="events/$p.json is not what its leaf says; "
  [[ "${l[0]} ${l[1]}" == "c2sp.org/tlog-proof@v1 index $((p - 1))" ]] || why+="proofs/$p.tlog-proof is for another index; "; while [[ ${l[n]} ]]; do path+=("$(unb64 "${l[n]}")"); ((n++)); done
  whole "proofs/$p.tlog-proof" && [[ $(printf '%s\n' "${l[@]:n+1}") == "$(<checkpoint)" ]] || why+='the proof is for another checkpoint; '; R=$({ printf '\0'; cat "leaves/$p.json"; } | sha256sum)
  included "${R%% *}" $((p - 1)) "$N" "${path[@]}" && [[ $R == "$ROOT" ]] || why+="it does not lead to the checkpoint's root; "; [[ ! $when < $last ]] || why+='it was recorded before the one before it; '; last=$when
  [[ $k == trail.sealed || $k == trail.timestamped ]] && [[ ${e#*$'\n'} =~ \"note\":\"([^\"]*)\" ]] && printf '%b' "${BASH_REMATCH[1]}" >"$t/note" && [[ $(head -n 1 "$t/note") == "$origin" ]] && note "$t/note" "events/$p.json" && { ((low > floor)) && floor=$low
    [[ $k == trail.timestamped && $e =~ \"token\":\"([^\"]*)\",\"at\":\"([^\"]*)\" ]] && { base64 -d <<<"${BASH_REMATCH[1]}" >"$t/tsr" 2>"$t/out"; y=$(date -d "${BASH_REMATCH[2]}" +%s 2>"$t/out") && [[ ${BASH_REMATCH[2]} == *T*@(Z|[+-]??:??) ]] && ((0 <= y && y < 253339228800)) || { y=0 why+='the time of its timestamp cannot be read; '; }; if stamped "$t/tsr" "$t/note"; then ((x == y)) || why+='its timestamp is of another time; '
      elif [[ ! -e $tsa || $(<"$t/out") == *'certificate verify error'* ]]; then echo "note    event $p: its timestamp is by an authority that is not in $tsa"; else why+='its timestamp is no timestamp of this; '; fi; ((y > floor)) && floor=$y; }; }
  ((rec >= floor - 60)) || why+='it was recorded before a checkpoint that was there already; '; [[ $k == text.redacted && $s =~ ^text/[0-9a-f]{32}$ ]] && red[${s#text/}]=1; for c in "${tops[@]}"; do ((p <= ${c% *} && ${c#* } && rec > ${c#* } + 60)) && why+="it was recorded after others saw it among ${c% *} facts; "; done
  while [[ $e =~ \"id\":\"([0-9a-f]{32})\",\"commitment\":\"([0-9a-f]{64})\"(.*) ]]; do c=texts/$p.${BASH_REMATCH[1]} x=${BASH_REMATCH[2]} e=${BASH_REMATCH[3]}
    if [[ ! -e $c.txt ]]; then gone[${c##*.}]=$c; there[$c.salt]=1; elif there[$c.txt]=1 there[$c.salt]=1; [[ $(cat "$c.salt" "$c.txt" | sha256sum) != "$x  -" ]]; then why+="$c.txt is not the text that was committed to; "; fi; done
  if [[ $why ]]; then bad "event $p" "$why"; else ok "event $p: $s $k, recorded $when"; fi; done; for c in texts/*; do [[ ${there[$c]} ]] || bad "$c" 'no event here commits to it'; done; for c in "${!gone[@]}"; do [[ ${red[$c]} ]] || bad "${gone[$c]}.txt" 'it is missing, and no event here says that it was redacted'; done
echo; echo "Compare with what you got on paper (종이로 받은 것과 비교하십시오): $policy, root $ROOT"; cat "$policy"; sha256sum "$tsa" 2>"$t/out"
((failed)) && { echo 'NOT OK (확인 실패)'; exit 1; }; echo 'OK (모두 확인됨)'
