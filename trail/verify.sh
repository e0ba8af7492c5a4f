#!/usr/bin/env bash
# Checks the pack in this folder with bash, openssl 3 and coreutils alone, no network: bash verify.sh POLICY [TSA.PEM] (your own copies).
# 이 폴더의 묶음을 bash·openssl 3·coreutils만으로 망 없이 확인합니다: bash verify.sh 정책 [TSA.PEM] (따로 받아 둔 파일).
# It ends with 0: OK; 1: NOT OK; 2: it could not be checked; 5: NOT PROVED, for want of a POLICY that did not come with the pack.

# --- what it needs; up to here and to the next line of this kind any shell can read it
stop() { printf 'NOT CHECKED: %s\n확인하지 못함: %s\n' "$1" "$2" >&2; exit 2; }
case ${1-} in -h | --help) printf '%s\n' 'Usage: bash verify.sh POLICY [TSA.PEM]' \
  'Checks the pack in the folder of this script, or the one in the present folder where a copy of the script lies elsewhere, without a network.' \
  'POLICY: the keys that you got on paper, not the file in the pack. TSA.PEM: certificates of timestamp authorities that you trust.' \
  'It ends with OK (exit status 0), NOT OK (1), NOT PROVED (5: everything fits together, and no POLICY of your own says whose it is), or NOT CHECKED (2: a file or tool is missing).' \
  '사용법: bash verify.sh 정책 [TSA.PEM]' '이 스크립트가 있는 폴더의 묶음을, 스크립트가 따로 있으면 지금 폴더의 묶음을 망 없이 확인합니다.' \
  '정책: 묶음 안의 것이 아니라 종이로 따로 받은 키 파일. TSA.PEM: 신뢰하는 시점확인기관의 인증서.' \
  '마지막 줄과 종료 상태: OK(0, 모두 확인됨), NOT OK(1, 확인 실패), NOT PROVED(5, 서로 맞으나 따로 받은 정책이 없어 누구의 것인지 증명되지 않음), NOT CHECKED(2, 파일이나 도구가 없음).'; exit 0 ;;
  -*) stop "there is no option $1; bash verify.sh --help says what there is" "$1 옵션은 없습니다. 쓰는 법: bash verify.sh --help" ;; esac
[ $# -le 2 ] || stop 'it takes two files at most: bash verify.sh POLICY [TSA.PEM]' '파일은 둘까지만 받습니다: bash verify.sh 정책 [TSA.PEM]'
[ -n "${BASH_VERSION-}" ] || stop "this is a script for bash, and another shell runs it; type: bash verify.sh POLICY [TSA.PEM]" "bash용 스크립트를 다른 셸로 실행하였습니다. 이렇게 실행하십시오: bash verify.sh 정책 [TSA.PEM]"
case $BASH_VERSION in [0-3].* | 4.[01].*) stop "it needs bash 4.2 or newer, and this is $BASH_VERSION (on macOS: brew install bash openssl@3, then run it with that bash)" "bash 4.2 이상이 필요한데 이것은 $BASH_VERSION입니다(macOS: brew install bash openssl@3 뒤에 그 bash로 실행)" ;; esac
set +o posix; x=; for p in openssl cat comm head ls mktemp rm sort tail tr; do command -v "$p" >/dev/null 2>&1 || x="$x $p"; done
command -v sha256sum >/dev/null 2>&1 || { command -v shasum >/dev/null 2>&1 && sha256sum() { shasum -a 256 "$@"; }; } || x="$x sha256sum"
[ -z "$x" ] || stop "these tools are not on this machine:$x; install them and try again" "이 기계에 다음 도구가 없습니다:$x. 설치한 뒤 다시 실행하십시오"
p=$(openssl version 2>&1); case $p in 'OpenSSL '[3-9].* | 'OpenSSL '[1-9][0-9].*) ;; *) stop "it needs OpenSSL 3 or newer (LibreSSL cannot check these signatures), and openssl here is: $p" "OpenSSL 3 이상이 필요한데(LibreSSL은 이 서명을 확인하지 못함) 여기의 openssl은 다음과 같습니다: $p" ;; esac
printf '%s  /dev/null\n' e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 | sha256sum --check --strict --quiet >/dev/null 2>&1 || stop 'sha256sum here does not take --check --strict --quiet; install coreutils' '여기의 sha256sum은 --check --strict --quiet을 모릅니다. coreutils를 설치하십시오'
readable() { [[ -f $1 && -r $1 ]] || stop "there is no file $1 that can be read; give the path of the one that you got" "$1 파일이 없거나 읽을 수 없습니다. 따로 받은 파일의 경로를 주십시오"; R=$1; [[ $R == /* ]] || R=$PWD/$R; }
export LC_ALL=C; here=${0%/*}; [[ $here != "$0" ]] || here=.; [[ $here == /* ]] || here=$PWD/$here; [[ -e $here/SHA256SUMS || -d $here/events ]] || here=$PWD; policy=$here/policy tsa=$here/tsa.pem own='' mark='(OK)   ' own_tsa=''
(($# > 0)) && { readable "$1"; [[ $1 -ef $policy ]] || own=1 mark='OK     '; policy=$R; }; (($# > 1)) && { readable "$2"; tsa=$R own_tsa=1; }
cd -- "$here" && [[ -e SHA256SUMS || -d events ]] || stop "$here holds no pack; unzip the whole of it, and run the script that lies there, or your own copy from there" "$here에 묶음이 없습니다. 모두 압축을 풀고 그 안의 스크립트를, 또는 그 폴더에서 따로 보관한 스크립트를 실행하십시오"
t=$(mktemp -d) || stop 'there is no room for temporary files' '임시 파일을 둘 곳이 없습니다'; trap 'rm -rf "$t"' EXIT
shopt -s nullglob globstar dotglob; declare -A memo have is gone red there claimed first last shown missing chain tally total beyond; failed=0 origin='' i=0 order=() gaps=0 unproved=0 map='' kept=0 count=0

# --- hashes and proofs: R is what a function gives
ok() { echo "$mark $1"; }; bad() { echo "NOT OK  $1: $2"; failed=1; return 1; }; say() { echo "note    $1"; }; ends() { echo 'NOT OK (확인 실패)'; exit 1; }
slurp() { F=''; [[ -f $1 ]] && ! IFS= read -rd '' F <"$1"; } # a file's bytes into F; not where a NUL is among them
esc() { local h=$1; E=; while [[ $h ]]; do E+="\\x${h:0:2}"; h=${h:2}; done; } # hex for printf
b64='([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=|[A-Za-z0-9+/][AQgw]==)?' letters=ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/
hex() { # base64, in its one spelling only: its bytes in hex
  local i v=0 n=0 c; R=; [[ $1 =~ ^$b64$ ]] || return 1; for ((i = 0; i < ${#1}; i++)); do [[ ${1:i:1} != = ]] || break; c=${letters%%"${1:i:1}"*}
    ((v = (v << 6 | ${#c}) & 65535, (n += 6) >= 8)) && { ((n -= 8)); printf -v c %02x $((v >> n & 255)); R+=$c; }; done; return 0; }
node() { [[ ${memo[N$1$2]} ]] || { esc "01$1$2"; printf "$E" >"$t/n"; R=$(sha256sum <"$t/n"); memo[N$1$2]=${R%% *}; }; R=${memo[N$1$2]}; }; up() { ((f >>= 1, s >>= 1)); return 0; }
whole='(0|[1-9][0-9]{0,15})'; hashes() { local h; for h; do [[ $h =~ ^[0-9a-f]{64}$ ]] || return 1; done; }
included() { # leaf's hash, index, size, path: R is the root that they lead to (RFC 9162, 2.1.3.2)
  [[ $2 =~ ^$whole$ && $3 =~ ^$whole$ ]] && (($2 < $3)) && hashes "$1" "${@:4}" || return 1; local f=$2 s=$(($3 - 1)) p; R=$1; for p in "${@:4}"; do ((s)) || return 1
    if ((f & 1 || f == s)); then node "$p" "$R"; while ((!(f & 1) && f)); do up; done; else node "$R" "$p"; fi; up; done; ((s == 0)); }
consistent() { # old size, old root, new size, new root, path (RFC 9162, 2.1.4.2)
  [[ $1 =~ ^$whole$ && $3 =~ ^$whole$ ]] && ((0 < $1 && $1 <= $3)) && hashes "${@:5}" || return 1; local f=$(($1 - 1)) s=$(($3 - 1)) old=$2 new=$4 a b p; (($1 == $3)) && { [[ $# == 4 && $2 == "$4" ]]; return; }
  if (($1 & ($1 - 1))); then shift 4; else shift 4; set -- "$old" "$@"; fi; (($#)) || return 1
  while ((f & 1)); do up; done; a=$1 b=$1; for p in "${@:2}"; do ((s)) || return 1
    if ((f & 1 || f == s)); then node "$p" "$a"; a=$R; node "$p" "$b"; b=$R; while ((!(f & 1) && f)); do up; done; else node "$b" "$p"; b=$R; fi; up; done; [[ $s == 0 && $a == "$old" && $b == "$new" ]]; }

# --- times, keys, signatures
epoch() { # 2024-03-07T05:00:17.000000Z: its seconds since 1970 are R
  [[ $1 =~ ^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]+)?(Z|([+-])([0-9]{2}):([0-9]{2}))$ ]] || return 1
  local y=$((10#${BASH_REMATCH[1]})) m=$((10#${BASH_REMATCH[2]})) d=$((10#${BASH_REMATCH[3]})) h=$((10#${BASH_REMATCH[4]})) n=$((10#${BASH_REMATCH[5]})) s=$((10#${BASH_REMATCH[6]})) o=0 l
  [[ ${BASH_REMATCH[9]} ]] && o=$((${BASH_REMATCH[9]}(10#${BASH_REMATCH[10]} * 3600 + 10#${BASH_REMATCH[11]} * 60))); l=$((m == 2 ? 28 + (y % 4 == 0 && y % 100 != 0 || y % 400 == 0) : 30 + (m + m / 8) % 2))
  ((y && 1 <= m && m <= 12 && 1 <= d && d <= l && h < 24 && n < 60 && s < 60)) || return 1; ((m > 2)) || ((m += 12, y--)); R=$(((365 * y + y / 4 - y / 100 + y / 400 + (153 * m - 457) / 5 + d - 719469) * 86400 + h * 3600 + n * 60 + s - o)); }
key() { # vkey, algorithm: its name, id and raw bytes, and whether it is one
  local k=${1#*+}; name=${1%%+*} id=${k%%+*} raw=''; k=${k#*+}; [[ ${#k} == 44 ]] && hex "$k" && raw=$R; [[ $name && $raw =~ ^$2.{64}$ ]] || return 1
  [[ ${memo[K$1]} ]] || { esc "$raw"; printf "%s\n$E" "$name" >"$t/n"; R=$(sha256sum <"$t/n"); memo[K$1]=${R:0:8}; }; [[ ${memo[K$1]} == "$id" ]] && raw=${raw:2}; }
new() { [[ $1 != none && ! ${is[.$1]} ]] && is[.$1]=1; }; line() { bad "$policy" "line $i is not understood, or uses a name or key twice, or one that does not stand above, or nobody can satisfy it"; ends; }
signed() { # vkey, algorithm: whether it signed the text under which the lines l stand; the time of a cosignature is in at
  local x s sig k msg found=1; key "$@"; for x in "${l[@]:4}"; do s=${x#* } sig=${x##* }; [[ ${s%% *} == "$name" ]] && hex "${sig:0:8}" && [[ ${R:0:8} == "$id" ]] || continue
    [[ ${#sig} == $(($2 == 1 ? 92 : 104)) ]] && hex "$sig" && sig=${R:8} && [[ $2 == 01 || ${sig:0:1} < 8 ]] || return 2; msg=$text
    [[ $2 == 01 ]] || { x=$((16#${sig:0:16})); ((found)) && at=$x; printf -v msg 'cosignature/v1\ntime %s\n%s' "$x" "$text"; sig=${sig:16}; }; k="S$raw $sig $msg"
    [[ ${memo[$k]} ]] || { memo[$k]=no; esc "302a300506032b6570032100$raw"; printf "$E" >"$t/key"; esc "$sig"; printf "$E" >"$t/sig"; printf %s "$msg" >"$t/msg"
      openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey "$t/key" -in "$t/msg" -sigfile "$t/sig" >"$t/out" 2>&1 && memo[$k]=yes; }; [[ ${memo[$k]} == yes ]] || return 2; found=0; done; return $found; }
note() { # file, what to call it: sets size, root, log, quorum, low and high of the witnesses' times. A retired log key may have signed an old one.
  local l=() w a b m n name id raw text; have=() who='' low='' high='' quorum='' log='' root=''; slurp "$1" && mapfile -t l <<<"${F%$'\n'}" || { bad "$2" 'it is missing, or no text'; return; }; size=${l[1]}; [[ ${#l[2]} == 44 ]] && hex "${l[2]}" && root=$R; printf -v text '%s\n' "${l[@]:0:3}"; printf -v w '%s\n' "${l[@]}"
  [[ $size =~ ^[1-9][0-9]{0,15}$ && $root && $F == "$w" ]] || bad "$2" 'it has not the form of a checkpoint, or is of an empty log' || return
  [[ ! ${l[3]-x} ]] || bad "$2" "it has an extension line: ${l[3]}" || return; for w in "${l[@]:4}" "${l[4]-x}"; do [[ $w =~ ^—\ [^[:space:][:cntrl:]]+\ $b64$ ]] || bad "$2" 'it has not the form of a signed note' || return; done
  while read -ra m || ((${#m[@]})); do a=${m[1]} b=${m[2]} n=0; case ${m[0]} in log) signed "$a" 01; n=$?; ((n == 0)) && [[ $name == "${l[0]}" ]] && log=1 ;;
    witness) signed "$b" 04; n=$?; ((n == 0)) && have[.$a]=1 who+=" $a" && { ((at < ${low:-at + 1})) && low=$at; ((at > ${high:--1})) && high=$at; } ;;
    group) for w in "${m[@]:3}"; do ((n += ${have[.$w]:-0})); done; [[ $b == any ]] && b=1; [[ $b == all ]] && b=$((${#m[@]} - 3)); ((n >= b)) && have[.$a]=1; n=0 ;;
    quorum) [[ $a == none || ${have[.$a]} ]] && quorum=1 ;; esac; ((n != 2)) || bad "$2" "the signature by $name does not fit" || return; done <"$t/policy"
  [[ $log || $origin == "${l[0]}" ]] || bad "$2" "no log key of the policy has signed it, or it is of another log (${l[0]})" || return; origin=${origin:-${l[0]}}; }
stamped() { # token, note: x is its time, when in words. openssl parts names at spaces
  local m=JanFebMarAprMayJunJulAugSepOctNovDec; echo 'it is no timestamp' >"$t/out"; when_stamped=$(openssl ts -reply -token_in -in "$1" -token_out -text 2>&1); when_stamped=${when_stamped##*Time stamp: } when_stamped=${when_stamped%%$'\n'*}
  [[ $when_stamped =~ ^([A-Z][a-z]{2})\ +([0-9]+)\ ([0-9:]{8})(\.[0-9]+)?\ ([0-9]{4})\ GMT$ ]] || return 1; m=${m%%"${BASH_REMATCH[1]}"*}; printf -v m '%s-%02d-%02dT%sZ' "${BASH_REMATCH[5]}" $((${#m} / 3 + 1)) "$((10#${BASH_REMATCH[2]}))" "${BASH_REMATCH[3]}"; epoch "$m" && x=$R || return 1
  R=$(openssl asn1parse -inform DER -in "$1" 2>"$t/n" | head -n 1); [[ $R =~ hl=\ *([0-9]+)\ +l=\ *([0-9]+) && $(tail -c +$((BASH_REMATCH[1] + BASH_REMATCH[2] + 1)) "$1" | sha256sum) == e3b0c44298fc1c149afbf4c8996fb924* ]] || return 1 # openssl leaves out what comes after a token
  { cat "$1" >"$t/1"; cat "$2" >"$t/2"; cat "$tsa" >"$t/3"; } 2>"$t/out" && (cd "$t" && openssl ts -verify -data 2 -in 1 -token_in -CAfile 3 -untrusted 3 -attime "$x" >out 2>&1); }
counted() { # a stream: n is how many facts it has before the checkpoint's last one, by its path in the count of all streams
  local l=() k h c w='' i j d own=''; k=$(printf %s "$1" | sha256sum) k=${k%% *} n=0; F=''; there[streams/$k]=1; [[ $map ]] || bad "streams/$k" "the count of the streams with which the checkpoint ends (event $N) is not in the pack" || return
  slurp "streams/$k" && mapfile -t l <<<"${F%$'\n'}" && printf -v c '%s\n' "${l[@]}" && [[ $F == "$c" ]] || bad "streams/$k" "it is missing, or no path, so that nothing shows that all of $1 is here" || return
  h=0000000000000000000000000000000000000000000000000000000000000000 d=$((${#l[@]} - 1)); if [[ ${l[0]} != - ]]; then [[ ${l[0]} =~ ^\{\"chain\":\"([0-9a-f]{64})\",\"n\":([1-9][0-9]{0,15}),\"stream\":\"([^\"\\[:cntrl:]]+)\"\}$ ]] || bad "streams/$k" "it has not the form of a stream's path" || return
    own=${BASH_REMATCH[3]} c=${BASH_REMATCH[1]}; if [[ $own == "$1" ]]; then n=${BASH_REMATCH[2]}; [[ ${tally[.$1]:-0} -lt $n || ${chain[.$1]} == "$c" ]] || bad "streams/$k" "the events of $1 here are not those that were counted" || return; else w=$(printf %s "$own" | sha256sum); fi
    printf '\0%s' "${l[0]}" >"$t/n"; h=$(sha256sum <"$t/n") h=${h%% *}; fi
  for ((j = 1, i = d - 1; j <= d; j++, i--)); do ((d <= 256)) && [[ ${#l[j]} == 44 ]] && hex "${l[j]}" || bad "streams/$k" "it has not the form of a stream's path" || return; c=$((16#${k:i / 4:1} >> (3 - i % 4) & 1)); [[ ! $w || $((16#${w:i / 4:1} >> (3 - i % 4) & 1)) == "$c" ]] || h=''
    if ((c)); then node "$R" "$h"; else node "$h" "$R"; fi; h=$R; done; [[ $h == "$map" ]] || bad "streams/$k" "$1 does not lead to the count of the streams with which the checkpoint ends" || return; total[.$1]=$((n + ${beyond[.$1]:-0})); }
span() { R=$1; (($1 == $2)) || R=$1-$2; } # of versions

# --- the files, the policy, the checkpoint
[[ -f SHA256SUMS ]] || { bad SHA256SUMS 'it is missing'; ends; }; x=$(comm -3 <(for p in **; do [[ -d $p && ! -L $p || $p == SHA256SUMS ]] || echo "$p"; done | sort) <(while read -r x p; do echo "$p"; done <SHA256SUMS | sort -u) | head -n 1)
sha256sum --check --strict --quiet SHA256SUMS >"$t/out" 2>&1 && [[ ! $x ]] && ok 'every file is as SHA256SUMS has it' || bad SHA256SUMS "${x:+it is not a list of the files that are here: $x }$(head -n 1 "$t/out")"
slurp "$policy"; n=$?; case $F in $'\xff\xfe'* | $'\xfe\xff'*) stop "$policy is UTF-16 text; save it as UTF-8 and try again" "$policy 파일이 UTF-16입니다. UTF-8로 저장한 뒤 다시 실행하십시오" ;; esac; ((n == 0)) || { bad "$policy" 'it is missing, or no text'; ends; }
[[ $F != $'\xef\xbb\xbf'* ]] || { say "$policy begins with a byte-order mark, which is left out (정책 파일 앞의 바이트 순서 표식은 빼고 읽습니다)"; F=${F#$'\xef\xbb\xbf'}; }
[[ $F != *$'\r'* ]] || { say "$policy has line ends of Windows (CR LF), which are taken as line ends (정책 파일의 Windows 줄바꿈은 줄바꿈으로 읽습니다)"; F=${F//$'\r'/}; }
printf %s "$F" >"$t/policy"; while read -ra m || ((${#m[@]})); do ((++i)); n=${#m[@]} a=${m[1]} b=${m[2]}; case ${m[0]} in '' | '#'*) ;;
  log) ((n == 2 || n == 3)) && key "$a" 01 && new " $raw" || line ;; witness) ((n == 3 || n == 4)) && key "$b" 04 && new " $raw" && new "$a" || line ;;
  group) [[ $b == any || $b == all || $b =~ ^[1-9][0-9]{0,3}$ && $b -le $((n - 3)) ]] && ((n > 3)) || line; for x in "${m[@]:3}"; do [[ ${is[.$x]} == 1 ]] && is[.$x]=2 || line; done; new "$a" || line ;;
  quorum) ((n == 2)) && [[ $a == none || ${is[.$a]} ]] && new ' quorum' || line ;; *) line ;; esac; done <"$t/policy"; [[ ${is[. quorum]} ]] || line
note checkpoint checkpoint && [[ $log ]] || ends; C=$F N=$size ROOT=$root tops=(${high:+"$N $high"}); ok "checkpoint of $N facts, signed by the log"
[[ $quorum ]] && ok "quorum of witnesses:${who:- the policy asks for none, so nothing shows that the operator did not rewrite it}" || bad checkpoint "it has not the quorum of witnesses that the policy asks for (there are:$who)"

# --- older checkpoints and timestamps
for c in checkpoints/* timestamps/*.note; do note "$c" "$c" || continue; tops+=(${high:+"$size $high"}); [[ -e consistency/$size ]] || { bad "consistency/$size" 'it is missing'; continue; }
  slurp "consistency/$size"; x=$? l=(); [[ $F ]] && mapfile -t l <<<"${F%$'\n'}"; y=''; ((${#l[@]})) && printf -v y '%s\n' "${l[@]}"; [[ $x == 0 && $F == "$y" ]]; x=$?; p=(); for y in "${l[@]}"; do [[ ${#y} == 44 ]] && hex "$y" && p+=("$R") || x=1; done
  ((x == 0)) && consistent "$size" "$root" "$N" "$ROOT" "${p[@]}" && ok "$c is a beginning of it" || bad "$c" "the log is not consistent with this checkpoint of $size facts"
  [[ $c == *.note ]] || continue; stamped "${c%note}tsr" "$c" && tops+=("$size $x") && ok "$c was timestamped at $when_stamped" || bad "${c%note}tsr" "$(tail -n 1 "$t/out")"
done; for c in timestamps/*.note; do [[ $own_tsa ]] || say "timestamps: the authority's certificate came with the pack, so they show no time; give your own: bash verify.sh POLICY TSA.PEM (인증서가 묶음에서 나왔으므로 시각을 증명하지 않습니다)"; break; done

# --- what the pack says of itself
if [[ -f asked.json ]]; then slurp asked.json && [[ $F =~ ^\{\"whole\":\[((\"[^\"\\[:cntrl:]]+\",?)*)\],\"along\":\[ ]] && x=${BASH_REMATCH[1]} || { bad asked.json 'it does not say what the pack holds'; x=''; }
  while [[ $x =~ ^\"([^\"]+)\",?(.*) ]]; do claimed[.${BASH_REMATCH[1]}]=1 x=${BASH_REMATCH[2]}; done; fi
say 'index.html: it was not checked, and can say anything; what is proved are the events below, and donghaeng trail verify makes it again from them (index.html은 확인하지 않았으며 무엇이든 말할 수 있습니다. 증명되는 것은 아래의 사건입니다)'
[[ -f asked.json ]] || say 'asked.json: the pack does not say of what it holds everything (무엇을 모두 담았는지 말하지 않는 묶음입니다)'

# --- the events: bytes, leaf, path, times, texts
clock='' two=0 at_two=''; [[ $origin =~ ^donghaeng/(real|simulated)/[0-9a-f]{32}(/[0-9]+)?$ ]] && clock=${BASH_REMATCH[1]} # by which clock events are known: the log's name says it, or in one of before its first event does
[[ $clock != simulated ]] || say 'log: it is the log of a simulated store: the dates that are shown are those of a clock that is moved by hand; what is bounded by others is when a fact was recorded (모의 저장소의 기록입니다. 알려진 시각은 손으로 옮기는 시계의 것입니다)'
floor=0 before='' z='[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z' string='(([^\"\\[:cntrl:]]|\\.)+)'; x=$(ls -A events 2>&1); [[ -d events && $x && $x == "$(ls -A leaves 2>&1)" && ${x//.json/.tlog-proof} == "$(ls -A proofs 2>&1)" ]] || bad events 'there are none, or not every one has its leaf and proof'
for p in $(ls leaves 2>"$t/out" | sort -n); do [[ $p =~ ^[1-9][0-9]{0,15}\.json$ ]] || { bad "leaves/$p" 'it is no position'; continue; }; p=${p%.json}; [[ -f events/$p.json && -f proofs/$p.tlog-proof ]] || { bad "event $p" 'a file of it is missing'; continue; }
  why='' path=(); slurp "leaves/$p.json" && leaf=$F && [[ $leaf =~ ^\{\"i\":$((p - 1)),\"known_at\":\"($z)\",\"recorded_at\":\"($z)\",\"state_sha256\":\"([0-9a-f]{64})\",\"stream\":\"$string\",\"topic\":\"$string\",\"v\":1,\"ver\":([1-9][0-9]{0,15})\}$ ]] || { bad "leaves/$p.json" 'it is not the leaf of this event'; continue; }
  known=${BASH_REMATCH[1]} when=${BASH_REMATCH[2]} x=${BASH_REMATCH[3]} s=${BASH_REMATCH[4]} k=${BASH_REMATCH[6]} ver=${BASH_REMATCH[8]}; epoch "$known" && epoch "$when" && rec=$R || { why='its time is none; ' rec=0; }
  ((p == 1)) && [[ ! $clock ]] && { [[ $known == "$when" ]] && clock=real || clock=first; }; [[ $known == "$when" || $clock == simulated ]] || if [[ $clock == real ]]; then why+="it was known at $known and recorded at $when, which are one time in a store that is not simulated: its date was set by somebody; "; else ((++two)); at_two=${at_two:-$p}; fi
  [[ $(sha256sum <"events/$p.json") == "$x  -" ]] || why+="events/$p.json is not what its leaf says; "; { e=$(<"events/$p.json"); } 2>"$t/out"
  x=0; slurp "proofs/$p.tlog-proof" || x=1; mapfile -t l <<<"${F%%$'\n\n'*}"; [[ "${l[0]} ${l[1]}" == "c2sp.org/tlog-proof@v1 index $((p - 1))" ]] || why+="proofs/$p.tlog-proof is for another index; "; for y in "${l[@]:2}"; do R=''; [[ ${#y} == 44 ]] && hex "$y"; path+=("$R"); done
  [[ $x == 0 && ${F#*$'\n\n'} == "$C" ]] || why+='the proof is for another checkpoint; '; printf '\0%s' "$leaf" >"$t/n"; h=$(sha256sum <"$t/n") h=${h%% *}
  included "$h" $((p - 1)) "$N" "${path[@]}" && [[ $R == "$ROOT" ]] || why+="it does not lead to the checkpoint's root; "; [[ ! $when < $before ]] || why+='it was recorded before the one before it; '; before=$when
  [[ $k == trail.sealed || $k == trail.timestamped ]] && [[ ${e#*$'\n'} =~ \"note\":\"([^\"]*)\" ]] && printf '%b' "${BASH_REMATCH[1]}" >"$t/note" && IFS= read -r x <"$t/note" && [[ $x == "$origin" ]] && note "$t/note" "events/$p.json" && { ((low > floor)) && floor=$low
    [[ $k == trail.timestamped && $e =~ \"token\":\"([^\"]*)\",\"at\":\"([^\"]*)\" ]] && { y=${BASH_REMATCH[2]}; printf '%s\n' "${BASH_REMATCH[1]}" | openssl base64 -d -A >"$t/tsr" 2>"$t/out"; epoch "$y" && y=$R && ((0 <= y && y < 253339228800)) || { y=0 why+='the time of its timestamp cannot be read; '; }; if stamped "$t/tsr" "$t/note"; then ((x == y)) || why+='its timestamp is of another time; '
      elif [[ ! -e $tsa || $(<"$t/out") == *'certificate verify error'* ]]; then say "event $p: its timestamp is by an authority that is not in $tsa"; else why+='its timestamp is no timestamp of this; '; fi; ((y > floor)) && floor=$y; }; }
  [[ $p != "$N" || $k != trail.mapped ]] || if [[ ${e#*$'\n'} =~ ^\{\"origin\":\"([^\"]*)\",\"size\":([0-9]{1,16}),\"streams\":[0-9]+,\"root\":\"([^\"]{44})\"[,}] ]] && x=${BASH_REMATCH[1]} y=${BASH_REMATCH[2]} && hex "${BASH_REMATCH[3]}"; then [[ $x == "$origin" ]] && ((10#$y == N - 1)) && map=$R; else why+='the count of the streams cannot be read; '; fi
  ((rec >= floor - 60)) || why+='it was recorded before a checkpoint that was there already; '; [[ $k == text.redacted && $s =~ ^text/[0-9a-f]{32}$ ]] && red[${s#text/}]=1; for c in "${tops[@]}"; do ((p <= ${c% *} && ${c#* } && rec > ${c#* } + 60)) && why+="it was recorded after others saw it among ${c% *} facts; "; done
  while [[ $e =~ \"id\":\"([0-9a-f]{32})\",\"commitment\":\"([0-9a-f]{64})\"(.*) ]]; do c=texts/$p.${BASH_REMATCH[1]} x=${BASH_REMATCH[2]} e=${BASH_REMATCH[3]}
    if [[ ! -e $c.txt ]]; then gone[${c##*.}]=$c; there[$c.salt]=1; elif there[$c.txt]=1 there[$c.salt]=1; [[ $(cat "$c.salt" "$c.txt" 2>"$t/out" | sha256sum) != "$x  -" ]]; then why+="$c.txt is not the text that was committed to; "; fi; done
  y=${last[.$s]:-0}; ((ver > y)) || why+="its version $ver of $s does not come after $y; "; if [[ $why ]]; then bad "event $p" "$why"; continue; fi
  [[ ${last[.$s]} ]] || order+=("$s"); ((ver == y + 1)) && [[ ${first[.$s]} ]] || { [[ ! ${first[.$s]} ]] || { span "${first[.$s]}" "$y"; shown[.$s]+="$R, "; }; ((ver == y + 1)) || { span $((y + 1)) $((ver - 1)); missing[.$s]+="${missing[.$s]:+, }$R"; }; first[.$s]=$ver; }; last[.$s]=$ver
  [[ ! ${claimed[.$s]} ]] || if ((p == N)); then beyond[.$s]=1; else ((++tally[.$s])); [[ ! ${chain[.$s]} ]] || { node "${chain[.$s]}" "$h"; h=$R; }; chain[.$s]=$h; fi
  ((++count)); [[ $known == "$when" ]] && ok "event $p: $s $k #$ver, recorded $when" || ok "event $p: $s $k #$ver, known $known, recorded $when"; done
((two == 0)) || say "log: events known at another time than recorded: $two, the first is $at_two; so it is in a simulated store only, and the name of this log, which is of an older version, does not say whether its store is one. If it is a real store, do not rely on those dates (알려진 시각이 적힌 시각과 다른 사건이 있는데, 이 기록의 이름은 모의 저장소인지 말하지 않습니다. 실제 저장소라면 그 날짜를 믿지 마십시오)"
for c in texts/*; do [[ ${there[$c]} ]] || bad "$c" 'no event here commits to it'; done; for c in "${!gone[@]}"; do [[ ${red[$c]} ]] || bad "${gone[$c]}.txt" 'it is missing, and no event here says that it was redacted'; done

# --- what is not shown
c=(streams/*); for s in "${!claimed[@]}"; do [[ ! $map && ${#c[@]} == 0 ]] || counted "${s#.}"; done; for c in streams/*; do [[ ${there[$c]} ]] || bad "$c" 'it is of no stream of which the pack says that it holds all'; done
for s in "${order[@]}"; do n=${total[.$s]} z=${last[.$s]}; [[ ! $n ]] || ((n <= z)) || { span $((z + 1)) "$n"; missing[.$s]+="${missing[.$s]:+, }$R"; }; span "${first[.$s]}" "${last[.$s]}"; x=${shown[.$s]}$R y=${missing[.$s]}; if [[ $y && ${claimed[.$s]} ]]; then bad "$s" "versions $x shown; $y missing, and the pack says that it holds all of it"
  elif [[ $y ]]; then say "$s: versions $x shown; $y not in this pack; whether there are later ones a pack does not prove"; [[ $s == trail/* || $s == text/* || $s == subject/* || $s == agency/* ]] || ((++gaps)); elif [[ $n ]]; then ((z == n)) && ok "$s: versions $x shown: among the $N facts of the checkpoint there are no others, which is proved" || bad "$s" "versions $x shown, and up to the checkpoint there are only $n"
  elif [[ ${claimed[.$s]} ]]; then ((++unproved)); ok "$s: versions $x shown, none is missing among them; whether there are later ones a pack does not prove"; else ((++kept)); fi; claimed[.$s]=''; done
for s in "${!claimed[@]}"; do [[ ${claimed[$s]} ]] || continue; [[ ${total[$s]} == 0 ]] && ok "${s#.}: among the $N facts of the checkpoint there is none of it, which is proved" || bad "${s#.}" 'the pack says that it holds all of it, and there is nothing of it here'; done; ((kept == 0)) || say "streams without a gap from version 1 on: $kept more; whether there are later versions a pack does not prove"
((count < N)) || ok "all $N facts of the checkpoint are here: up to it nothing is missing"
echo; echo "Compare with what you got on paper (종이로 받은 것과 비교하십시오): $policy, root $ROOT"; tr -d '\000-\010\013-\037\177' <"$t/policy"; sha256sum "$tsa" 2>"$t/out"; ((failed)) && ends
[[ $own ]] || { echo 'NOT PROVED: everything here fits together, but so does a forgery: the keys came with the pack. Give the policy that you got on paper: bash verify.sh POLICY [TSA.PEM] (증명되지 않음: 서로 맞으나 키가 묶음에서 나왔으므로 위조도 그렇습니다. 종이로 받은 정책을 주십시오: bash verify.sh 정책 [TSA.PEM])'; exit 5; }
((gaps == 0)) && x='' || x="; streams with gaps, see above: $gaps (빠진 번호가 있는 흐름 $gaps개, 위 참조)"; ((unproved == 0)) || x+="; streams said to be whole and not proved to be, see above: $unproved (뒤가 더 있는지 증명되지 않은 흐름 $unproved개, 위 참조)"
echo "OK (모두 확인됨)${x:+, as far as it goes}$x"
