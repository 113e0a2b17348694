// Names of the calls of AFS' services by their numbers. Source: OpenAFS' interface descriptions.

import { counted } from '../../inline.js';
import type { Words } from '../../printer.js';

export const FILE_CALLS: Words = {
  ...counted(
    130,
    'fetch-data|fetch-acl|fetch-status|store-data|store-acl|store-status|remove-file|create-file|rename|symlink|' +
      'link|makedir|rmdir|oldsetlock|oldextlock|oldrellock|get-stats|give-cbs|get-vlinfo|get-vlstats|' +
      'set-vlstats|get-rootvl|check-token|get-time|nget-vlinfo|bulk-stat|setlock|extlock|rellock|xstat-ver|' +
      'get-xstat|dfs-lookup|dfs-flushcps|dfs-symlink',
  ),
  220: 'residency',
  ...counted(
    65536,
    'inline-bulk-status|fetch-data-64|store-data-64|give-up-all-cbs|get-caps|cb-rx-conn-addr',
  ),
};

export const CALLBACK_CALLS: Words = {
  ...counted(
    204,
    'callback|initcb|probe|getlock|getce|xstatver|getxstat|initcb2|whoareyou|initcb3|probeuuid|getsrvprefs|' +
      'getcellservdb|getlocalcell|getcacheconf',
  ),
  ...counted(65536, 'getce64|getcellbynum|tellmeaboutyourself'),
};

export const PROTECTION_CALLS: Words = {
  ...counted(
    500,
    'new-user|where-is-it|dump-entry|add-to-group|name-to-id|id-to-name|delete|remove-from-group|get-cps|' +
      'new-entry|list-max|set-max|list-entry|change-entry|list-elements|same-mbr-of|set-fld-sentry|list-owned|' +
      'get-cps2|get-host-cps|update-entry|list-entries',
  ),
  530: 'list-super-groups',
};

export const LOCATION_CALLS: Words = counted(
  501,
  'create-entry|delete-entry|get-entry-by-id|get-entry-by-name|get-new-volume-id|replace-entry|update-entry|' +
    'setlock|releaselock|list-entry|list-attrib|linked-list|get-stats|probe|get-addrs|change-addr|' +
    'create-entry-n|get-entry-by-id-n|get-entry-by-name-n|replace-entry-n|list-entry-n|list-attrib-n|' +
    'linked-list-n|update-entry-by-name|create-entry-u|get-entry-by-id-u|get-entry-by-name-u|replace-entry-u|' +
    'list-entry-u|list-attrib-u|linked-list-u|regaddr|get-addrs-u|list-attrib-n2',
);

export const AUTHENTICATION_CALLS: Words = {
  ...counted(
    1,
    'auth-old|change-pw|get-ticket-old|set-pw|set-fields|create-user|delete-user|get-entry|list-entry|get-stats|' +
      'debug|get-pw|get-random-key|unlock|lock-status',
  ),
  ...counted(21, 'authenticate|authenticate-v2|get-ticket'),
};

export const VOLUME_CALLS: Words = {
  ...counted(
    100,
    'create-volume|delete-volume|restore|forward|end-trans|clone|set-flags|get-flags|trans-create|dump|' +
      'get-nth-volume|set-forwarding|get-name|get-status|sig-restore|list-partitions|list-volumes|set-id-types|' +
      'monitor|partition-info|reclone|list-one-volume|nuke|set-date|x-list-volumes|x-list-one-volume|set-info|' +
      'x-list-partitions|forward-multiple',
  ),
  ...counted(65536, 'convert-ro|get-size|dump-v2'),
};

export const OVERSEER_CALLS: Words = counted(
  80,
  'create-bnode|delete-bnode|set-status|get-status|enumerate-instance|get-instance-info|get-instance-parm|' +
    'add-superuser|delete-superuser|list-superusers|list-keys|add-key|delete-key|set-cell-name|get-cell-name|' +
    'get-cell-host|add-cell-host|delete-cell-host|set-t-status|shutdown-all|restart-all|startup-all|' +
    'set-noauth-flag|re-bozo|restart|start-bozo-install|uninstall|get-dates|exec|prune|set-restart-time|' +
    'get-restart-time|start-bozo-log|wait-all|get-instance-strings|get-restricted|set-restricted',
);

export const UBIK_CALLS: Words = {
  ...counted(
    10000,
    'vote-beacon|vote-debug-old|vote-sdebug-old|vote-getsyncsite|vote-debug|vote-sdebug|vote-xdebug|vote-xsdebug',
  ),
  ...counted(
    20000,
    'disk-begin|disk-commit|disk-lock|disk-write|disk-getversion|disk-getfile|disk-sendfile|disk-abort|' +
      'disk-releaselocks|disk-truncate|disk-probe|disk-writev|disk-interfaceaddr|disk-setversion',
  ),
};

export const FILE_ERRORS: Words = {
  ...counted(
    101,
    'salvage volume|no such vnode|no such volume|volume exist|no service|volume offline|voline online|diskfull|' +
      'diskquota exceeded|volume busy|volume moved|AFS IO error',
  ),
  4294967196: 'restarting fileserver',
};
