// What is wrong with a filter's text.

/** A filter that cannot be understood. The message is what the command says of it. */
export class FilterSyntaxError extends Error {
  override readonly name = 'FilterSyntaxError';

  /**
   * @param message with the place marked by a caret under the text, or libpcap's words
   * @param reason what is wrong, in one line: libpcap's words for a packet filter
   * @param expression the filter's text
   * @param position of what is wrong in it, in UTF-16 code units; null: libpcap does not say
   */
  constructor(
    message: string,
    readonly reason: string,
    readonly expression: string,
    readonly position: number | null,
  ) {
    super(message);
  }
}
