// The program that Wireshark runs (its extcap): a shell script, which answers what it is asked at each of Wireshark's starts in a few
// milliseconds, and starts pktap for a capture alone. What the dialogue says comes as arguments, and goes on as arguments.

/** A line by which a file is known to be ours. */
export const MARK = 'written by pktap --install-extcap';

const TEXT = String.raw`#!/bin/sh
# pktap in Wireshark: @MARK@. pktap --uninstall-extcap takes it away.
# Usage: Wireshark's extcap interface; --capture starts pktap, all else is answered here.
pktap=@PKTAP@
version=@VERSION@

fail() {
  printf 'pktap: %s\n' "$1" >&2
  exit 1
}

ask= interface= fifo= filter= checks= control_in= control_out=
interfaces= metadata= snaplen= promiscuous= netns= container=

while [ $# -gt 0 ]; do
  case $1 in
    # A value may stand behind an equals sign, too.
    --*=*)
      word=$1
      shift
      set -- "$(printf '%s' "$word" | cut -d= -f1)" "$(printf '%s' "$word" | cut -d= -f2-)" "$@"
      ;;
  esac
  case $1 in
    --extcap-interfaces) ask=interfaces ;;
    --extcap-dlts) ask=dlts ;;
    --extcap-config) ask=config ;;
    --capture) ask=capture ;;
    --promiscuous)
      promiscuous=1
      case $2 in true | false) [ "$2" = true ] || promiscuous=; shift ;; esac
      ;;
    --extcap-version) shift ;;
    --extcap-interface) interface=$2; shift ;;
    --extcap-capture-filter) checks=1; filter=$2; shift ;;
    --extcap-control-in) control_in=$2; shift ;;
    --extcap-control-out) control_out=$2; shift ;;
    --fifo) fifo=$2; shift ;;
    --interfaces) interfaces=$2; shift ;;
    --metadatafilter) metadata=$2; shift ;;
    --snaplen) snaplen=$2; shift ;;
    --netns) netns=$2; shift ;;
    --container) container=$2; shift ;;
    *) fail "Wireshark asks for $1, which this script does not know" ;;
  esac
  [ $# -gt 0 ] && shift
done

# A package that was taken away is none to capture with.
[ -x "$pktap" ] || { [ "$ask" = capture ] && fail "$pktap is not there: install the script again with --install-extcap"; exit 0; }

case $ask in
  interfaces)
    printf '%s\n' \
      "extcap {version=$version}{help=https://www.npmjs.com/package/pktap}{display=Packets with their processes}" \
      'interface {value=pktap}{display=Process tap (pktap)}' \
      'interface {value=pktap,all}{display=Process tap (pktap), all interfaces}' \
      'interface {value=droptap}{display=Dropped packets}' \
      'control {number=0}{type=string}{display=Show}{tooltip=Metadata filter: shows from now on what matches it, within that of the options}{placeholder=proc = curl}' \
      'control {number=1}{type=button}{role=logger}{display=Log}{tooltip=What pktap says}'
    exit 0
    ;;
  dlts)
    printf '%s\n' 'dlt {number=258}{name=PKTAP}{display=Packet tap: packets with their processes}'
    exit 0
    ;;
  config)
    printf '%s\n' \
      'arg {number=0}{call=--interfaces}{display=Interfaces}{type=string}{tooltip=Names separated by commas, or beginnings of names; empty: all that the entry stands for}{placeholder=eth0,wlan}{group=Capture}' \
      'arg {number=1}{call=--metadatafilter}{display=Metadata filter (-Q)}{type=string}{tooltip=Which packets, by their processes: proc = curl and not user = root}{placeholder=proc = curl}{group=Capture}' \
      'arg {number=2}{call=--snaplen}{display=Snapshot length}{type=unsigned}{range=0,262144}{default=262144}{tooltip=Bytes kept of each packet}{group=Capture}' \
      'arg {number=3}{call=--promiscuous}{display=Promiscuous}{type=boolflag}{default=false}{tooltip=Packets for others too, on the interfaces that are named}{group=Capture}' \
      'arg {number=4}{call=--netns}{display=Network namespace}{type=string}{tooltip=A name, a path, or the ID of a process in it}{group=Where}' \
      'arg {number=5}{call=--container}{display=Container}{type=string}{tooltip=Name or ID: packets of its processes alone}{group=Where}'
    exit 0
    ;;
  '')
    # Wireshark's look at a capture filter: no word is good news. A blank keeps it from being an option.
    [ -n "$checks" ] && [ -n "$filter" ] || exit 0
    said=$("$pktap" -d -y EN10MB " $filter" 2>&1 >/dev/null) && exit 0
    case $said in 'pktap: '*) said=$(printf '%s' "$said" | cut -c8-) ;; esac
    printf '%s\n' "$said" | head -n 1
    exit 0
    ;;
esac

[ -p "$fifo" ] || fail "--fifo $fifo: is no FIFO to capture into"
case $interface in
  pktap | pktap,all | droptap) ;;
  *) fail "there is no interface $interface" ;;
esac

# What pktap is run with. --extcap keeps it from doing anything else, whoever runs it.
set -- --extcap --extcap-parent $PPID -P -y PKTAP -w -
named=
old_ifs=$IFS
IFS=', '
set -f
for name in $interfaces; do
  case $name in -*) fail "$name: is no name of an interface" ;; esac
  named=$named,$name
  [ -z "$promiscuous" ] || set -- "$@" -i "$name"
done
IFS=$old_ifs
if [ -z "$named" ]; then set -- "$@" -p -i "$interface"
elif [ "$interface" = droptap ]; then set -- "$@" -p -i "droptap$named"
elif [ -z "$promiscuous" ]; then set -- "$@" -p -i "pktap$named"
fi
case $container in
  '') ;;
  *[!A-Za-z0-9_.-]*) fail "$container: is no name or ID of a container" ;;
  *)
    if [ -n "$metadata" ]; then metadata="($metadata) and container = '$container'"
    else metadata="container = '$container'"
    fi
    ;;
esac
[ -z "$metadata" ] || set -- "$@" -Q "$metadata"
[ -z "$snaplen" ] || set -- "$@" -s "$snaplen"
[ -z "$netns" ] || set -- "$@" --netns "$netns"
[ -z "$control_in" ] || [ -z "$control_out" ] || set -- "$@" --extcap-control-in "$control_in" --extcap-control-out "$control_out"
[ -z "$filter" ] || set -- "$@" " $filter"

# As root, or as who is granted what a capture takes: CAP_NET_ADMIN, CAP_NET_RAW, CAP_PERFMON and CAP_BPF.
user=$(id -u)
if [ "$user" != 0 ]; then
  caps=0
  while read -r key value; do
    [ "$key" != CapAmb: ] || caps=$((0x$value))
  done </proc/self/status
  wanted=$((1 << 12 | 1 << 13 | 1 << 38 | 1 << 39))
  [ $((caps & wanted)) = "$wanted" ] && user=0
fi
[ "$user" != 0 ] || exec "$pktap" "$@" >"$fifo"
if command -v sudo >/dev/null && sudo -n -- "$pktap" --extcap --version >/dev/null 2>&1; then
  exec sudo -n -- "$pktap" "$@" >"$fifo"
fi
if command -v pkexec >/dev/null && [ -n "$DISPLAY$WAYLAND_DISPLAY" ]; then
  exec pkexec "$pktap" "$@" >"$fifo"
fi
fail "a capture needs root: let 'sudo visudo -f /etc/sudoers.d/pktap' have the line
  $(id -un) ALL=(root) NOPASSWD: $pktap --extcap *"
`;

/** A text as one word of the shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * @param pktap absolute path of the command
 * @returns the script
 */
export function extcapScript(pktap: string, version: string): string {
  const values: Readonly<Record<string, string>> = {
    '@MARK@': MARK,
    '@PKTAP@': quoted(pktap),
    '@VERSION@': quoted(version),
  };
  return TEXT.replace(/@[A-Z]+@/g, (word) => values[word] ?? word);
}
