// Errors that every room may throw.

/** What is asked for takes rights that the process does not have. The message says which, and what to do. */
export class PermissionError extends Error {
  override readonly name = 'PermissionError';
}
