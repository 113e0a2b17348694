// Between who asks for names and the thread that asks DNS: a question, and memory for its answer.

/** Bytes of a name, more than DNS allows. */
export const MOST_NAME = 1024;

/** One question, as the thread gets it. */
export interface Question {
  readonly address: string;
  /** An `Answer`'s memory. */
  readonly answer: SharedArrayBuffer;
}
