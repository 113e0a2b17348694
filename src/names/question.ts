// Between who asks for names and the thread that asks DNS: a question, and memory for its answer.

/** Bytes of a name, more than DNS allows. */
export const MOST_NAME = 1024;
/** The words in front of a name in shared memory: whether there is an answer, and how long it is. */
export const Word = { STATE: 0, LENGTH: 1, BYTES: 8 } as const;
export const ANSWERED = 1;

/** One question, as the thread gets it. */
export interface Question {
  readonly address: string;
  readonly answer: SharedArrayBuffer;
}
