// What goes wrong with a savefile, as errors whose message is one line fit for a terminal.

/** A savefile that can't be read any further: everything before `offset` has been handed on. */
export class SavefileError extends Error {
  override readonly name = 'SavefileError';

  /**
   * @param reason what is wrong, in libpcap's words where it has some
   * @param path the file, `-` for standard input
   * @param offset byte offset of the header, record or block at fault, in the uncompressed file; null: of no use
   */
  constructor(
    readonly reason: string,
    readonly path: string,
    readonly offset: number | null = null,
  ) {
    super(offset === null ? reason : `${reason} (${path}, byte ${offset})`);
  }
}

/** A savefile that can't be opened or written, with the system's reason. */
export class SavefileSystemError extends Error {
  override readonly name = 'SavefileSystemError';

  /**
   * @param message the whole line
   * @param path the file, `-` for standard output
   * @param code the system's error name, such as EPIPE (the reader of a pipe went away) or ENOSPC
   */
  constructor(
    message: string,
    readonly path: string,
    readonly code: string,
  ) {
    super(message);
  }
}

const TEXTS: Readonly<Record<string, string>> = {
  EACCES: 'Permission denied',
  EBADF: 'Bad file descriptor',
  EDQUOT: 'Disk quota exceeded',
  EEXIST: 'File exists',
  EFBIG: 'File too large',
  EINVAL: 'Invalid argument',
  EIO: 'Input/output error',
  EISDIR: 'Is a directory',
  ELOOP: 'Too many levels of symbolic links',
  EMFILE: 'Too many open files',
  ENAMETOOLONG: 'File name too long',
  ENFILE: 'Too many open files in system',
  ENOENT: 'No such file or directory',
  ENOMEM: 'Cannot allocate memory',
  ENOSPC: 'No space left on device',
  ENOTDIR: 'Not a directory',
  ENXIO: 'No such device or address',
  EPERM: 'Operation not permitted',
  EPIPE: 'Broken pipe',
  EROFS: 'Read-only file system',
  ETXTBSY: 'Text file busy',
};

/**
 * @param error what a node:fs call threw
 * @returns the system's error name, '' when it has none
 */
export function systemErrorCode(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

/**
 * @param error what a node:fs call threw
 * @returns the words strerror(3) has for it
 */
export function systemErrorText(error: unknown): string {
  return TEXTS[systemErrorCode(error)] ?? (error instanceof Error ? error.message : String(error));
}
