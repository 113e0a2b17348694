// Writes what is made from the lists of fields and of options: docs/fields.md, docs/options.md and schema/packet.schema.json. `npm run docs`, after a build.

import { mkdirSync, writeFileSync } from 'node:fs';
import { optionsDocument } from '../dist/src/cli/reference/index.js';
import { fieldsDocument, jsonSchema } from '../dist/src/export/index.js';

mkdirSync('schema', { recursive: true });
writeFileSync('docs/fields.md', fieldsDocument());
writeFileSync('schema/packet.schema.json', `${JSON.stringify(jsonSchema(), null, 2)}\n`);
writeFileSync('docs/options.md', optionsDocument());
