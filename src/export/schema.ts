// What is made from the list of fields for others to read: the JSON Schema of --json, and docs/fields.md.

import { FIELDS, type Field, TYPE_WORDS } from '../decode/facts/index.js';

const TYPES: Readonly<Record<Field['type'], object>> = {
  string: { type: 'string', minLength: 1 },
  integer: { type: 'integer', minimum: 0 },
  boolean: { type: 'boolean' },
  strings: { type: 'array', items: { type: 'string' } },
  time: {
    type: 'string',
    format: 'date-time',
    pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{9}Z$',
  },
  epoch: { type: 'number', minimum: 0 },
  bytes: { type: 'string', pattern: '^([0-9a-f]{2})*$' },
};

const title = ({ help, unit }: Field): string => (unit === null ? help : `${help} (${unit})`);

/** The JSON Schema that a line of --json follows. */
export function jsonSchema(): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'A packet, as a line of pktap --json',
    type: 'object',
    properties: Object.fromEntries(
      FIELDS.map((one) => [one.name, { description: title(one), ...TYPES[one.type] }]),
    ),
    additionalProperties: false,
  };
}

/** docs/fields.md. */
export function fieldsDocument(): string {
  const rows = FIELDS.map(
    (one) => `| \`${one.name}\` | ${TYPE_WORDS[one.type]} | ${one.unit ?? ''} | ${one.help} |\n`,
  );
  return `# Fields

<!-- Made by \`npm run docs\` from src/decode/facts/fields.ts. -->

What pktap knows of a packet, by name: for \`--json\`, \`--csv\`, \`--tsv\` and \`--fields\`, for \`--summary\` and \`--parquet\`, for \`-Q\`,
and for \`decode(packet)\` of the library. Where Wireshark has the field, its name is Wireshark's. \`pktap --fields help\` prints the list.

A field that is not known is left out of JSON, is an empty cell of CSV and TSV, and null in Parquet. Headers are those of the
outermost IP packet, in 802.11 data frames too (not in encrypted ones). A header that was cut says nothing of what is behind its end.

| field | type | unit | what it is |
| ----- | ---- | ---- | ---------- |
${rows.join('')}
| type | JSON | CSV, TSV | Parquet |
| ---- | ---- | -------- | ------- |
| text | string | the text | STRING |
| whole number | number | decimal | INT64 |
| true or false | true, false | true, false | BOOLEAN |
| list of texts | array | the same JSON array | LIST of STRING |
| time | RFC 3339, UTC, nine digits | the same | TIMESTAMP(NANOS), UTC |
| number | seconds with nine digits | the same | INT64, nanoseconds |
| bytes | hexadecimal | hexadecimal | BYTE_ARRAY |
`;
}
