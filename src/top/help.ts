// What the keys do, for the key h.

export const HELP = [
  '',
  '1 processes   2 flows   3 hosts   4 containers   5 interfaces   6 users   7 service classes',
  's S   next, previous order of rows          R   the other way round',
  'g     put rows together: by name, user, service, …',
  '/     show flows that a filter matches, in the language of -Q: proc = curl and tcp.dstport = 443',
  'up down PgUp PgDn Home End   select: the order stays as it is while a row is selected',
  'Enter   the flows of what is selected           Backspace, Esc   back',
  'd     details: all that is known of it, and its last packets',
  'w     write the packets of what is selected to a file; again: stop writing',
  'c     connections that are over: hide, show     n   names of hosts, or addresses',
  'p     pause and go on                           q   quit',
  'left right [ ]   in a file: back and forth in time',
  '',
  'Bytes are those on the wire; rates are those of the last whole second.',
];
