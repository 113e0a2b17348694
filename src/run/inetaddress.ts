// Addresses from text to bytes, for secrets and rules given by the user.

/** @param text a numeric IPv4 or IPv6 address, known to be one */
export function addressBytes(text: string): Uint8Array {
  if (!text.includes(':')) return Uint8Array.from(text.split('.'), Number);
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text);
  if (dotted !== null) {
    const [, front, a, b, c, d] = dotted;
    const group = (high: string | undefined, low: string | undefined) =>
      (Number(high) * 256 + Number(low)).toString(16);
    text = `${front}${group(a, b)}:${group(c, d)}`;
  }
  const [left = '', right] = text.split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':').map((g) => Number.parseInt(g, 16)));
  const head = groups(left);
  const tail = right === undefined ? [] : groups(right);
  const bytes = new Uint8Array(16);
  const put = (index: number, value: number) => {
    bytes[2 * index] = value >> 8;
    bytes[2 * index + 1] = value & 0xff;
  };
  head.forEach((value, i) => {
    put(i, value);
  });
  tail.forEach((value, i) => {
    put(8 - tail.length + i, value);
  });
  return bytes;
}
