// Errors of MS-DOS's and OS/2's classes, as messages without NT's status codes have them. Source: MS-CIFS section 2.2.2.4.

type Messages = { readonly [code: number]: readonly [name: string, message: string] };

const LOCKED =
  'A Lock request conflicted with an existing lock or specified an invalid mode, or an Unlock requested attempted to ' +
  'remove a lock held by another process.';

const DOS: Messages = {
  1: ['ERRbadfunc', 'Invalid function.'],
  2: ['ERRbadfile', 'File not found.'],
  3: ['ERRbadpath', 'Directory invalid.'],
  4: ['ERRnofids', 'No file descriptors available'],
  5: ['ERRnoaccess', 'Access denied.'],
  6: ['ERRbadfid', 'Invalid file handle.'],
  7: ['ERRbadmcb', 'Memory control blocks destroyed.'],
  8: ['ERRnomem', 'Insufficient server memory to perform the requested function.'],
  9: ['ERRbadmem', 'Invalid memory block address.'],
  10: ['ERRbadenv', 'Invalid environment.'],
  11: ['ERRbadformat', 'Invalid format.'],
  12: ['ERRbadaccess', 'Invalid open mode.'],
  13: ['ERRbaddata', 'Invalid data.'],
  14: ['ERR', 'reserved.'],
  15: ['ERRbaddrive', 'Invalid drive specified.'],
  16: ['ERRremcd', "A Delete Directory request attempted to remove the server's current directory."],
  17: ['ERRdiffdevice', 'Not same device.'],
  18: ['ERRnofiles', 'A File Search command can find no more files matching the specified criteria.'],
  32: ['ERRbadshare', 'The sharing mode specified for an Open conflicts with existing FIDs on the file.'],
  33: ['ERRlock', LOCKED],
  80: ['ERRfilexists', 'The file named in a Create Directory, Make New File or Link request already exists.'],
  230: ['ERRbadpipe', 'Pipe invalid.'],
  231: ['ERRpipebusy', 'All instances of the requested pipe are busy.'],
  232: ['ERRpipeclosing', 'Pipe close in progress.'],
  233: ['ERRnotconnected', 'No process on other end of pipe.'],
  234: ['ERRmoredata', 'There is more data to be returned.'],
};

const SERVER: Messages = {
  1: ['ERRerror', 'Non-specific error code.'],
  2: ['ERRbadpw', 'Bad password - name/password pair in a Tree Connect or Session Setup are invalid.'],
  3: ['ERRbadtype', 'reserved.'],
  4: [
    'ERRaccess',
    'The requester does not have the necessary access rights within the specified context for the requested function. ' +
      'The context is defined by the TID or the UID.',
  ],
  5: ['ERRinvnid', 'The tree ID (TID) specified in a command was invalid.'],
  6: ['ERRinvnetname', 'Invalid network name in tree connect.'],
  7: [
    'ERRinvdevice',
    'Invalid device - printer request made to non-printer connection or non-printer request made to printer connection.',
  ],
  49: ['ERRqfull', 'Print queue full (files) -- returned by open print file.'],
  50: ['ERRqtoobig', 'Print queue full -- no space.'],
  51: ['ERRqeof', 'EOF on print queue dump.'],
  52: ['ERRinvpfid', 'Invalid print file FID.'],
  64: ['ERRsmbcmd', 'The server did not recognize the command received.'],
  65: ['ERRsrverror', 'The server encountered an internal error, e.g., system file unavailable.'],
  67: [
    'ERRfilespecs',
    'The file handle (FID) and pathname parameters contained an invalid combination of values.',
  ],
  68: ['ERRreserved', 'reserved.'],
  69: [
    'ERRbadpermits',
    'The access permissions specified for a file or directory are not a valid combination.  The server cannot set the ' +
      'requested attribute.',
  ],
  70: ['ERRreserved', 'reserved.'],
  71: ['ERRsetattrmode', 'The attribute mode in the Set File Attribute request is invalid.'],
  81: ['ERRpaused', 'Server is paused.'],
  82: ['ERRmsgoff', 'Not receiving messages.'],
  83: ['ERRnoroom', 'No room to buffer message.'],
  87: ['ERRrmuns', 'Too many remote user names.'],
  88: ['ERRtimeout', 'Operation timed out.'],
  89: ['ERRnoresource', 'No resources currently available for request.'],
  90: ['ERRtoomanyuids', 'Too many UIDs active on this session.'],
  91: ['ERRbaduid', 'The UID is not known as a valid ID on this session.'],
  250: ['ERRusempx', 'Temp unable to support Raw, use MPX mode.'],
  251: ['ERRusestd', 'Temp unable to support Raw, use standard read/write.'],
  252: ['ERRcontmpx', 'Continue in MPX mode.'],
  253: ['ERRreserved', 'reserved.'],
  254: ['ERRreserved', 'reserved.'],
  65535: ['ERRnosupport', 'Function not supported.'],
};

const HARDWARE: Messages = {
  19: ['ERRnowrite', 'Attempt to write on write-protected diskette.'],
  20: ['ERRbadunit', 'Unknown unit.'],
  21: ['ERRnotready', 'Drive not ready.'],
  22: ['ERRbadcmd', 'Unknown command.'],
  23: ['ERRdata', 'Data error (CRC).'],
  24: ['ERRbadreq', 'Bad request structure length.'],
  25: ['ERRseek', 'Seek error.'],
  26: ['ERRbadmedia', 'Unknown media type.'],
  27: ['ERRbadsector', 'Sector not found.'],
  28: ['ERRnopaper', 'Printer out of paper.'],
  29: ['ERRwrite', 'Write fault.'],
  30: ['ERRread', 'Read fault.'],
  31: ['ERRgeneral', 'General failure.'],
  32: ['ERRbadshare', 'A open conflicts with an existing open.'],
  33: ['ERRlock', LOCKED],
  34: ['ERRwrongdisk', 'The wrong disk was found in a drive.'],
  35: ['ERRFCBUnavail', 'No FCBs are available to process request.'],
  36: ['ERRsharebufexc', 'A sharing buffer has been exceeded.'],
};

const CLASSES: { readonly [code: number]: readonly [name: string, messages: Messages] } = {
  0x01: ['ERRDOS', DOS],
  0x02: ['ERRSRV', SERVER],
  0x03: ['ERRHRD', HARDWARE],
  0x04: ['ERRXOS', {}],
  0xe1: ['ERRRMX1', {}],
  0xe2: ['ERRRMX2', {}],
  0xe3: ['ERRRMX3', {}],
  0xff: ['ERRCMD', {}],
};

/** What tcpdump has room for. */
const MOST = 127;

/** An error's class, name and message. */
export function dosErrorText(errorClass: number, code: number): string {
  const known = CLASSES[errorClass];
  if (known === undefined) return `ERROR: Unknown error (${errorClass},${code})`;
  const [name, messages] = known;
  const message = messages[code];
  if (message === undefined) return `${name} - ${code}`;
  return `${name} - ${message[0]} (${message[1]})`.slice(0, MOST);
}
