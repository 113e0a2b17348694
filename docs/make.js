// Writes what is made from the list of fields: docs/fields.md and schema/packet.schema.json. `npm run docs`, after a build.

import { mkdirSync, writeFileSync } from 'node:fs';
import { fieldsDocument, jsonSchema } from '../dist/src/export/index.js';

mkdirSync('schema', { recursive: true });
writeFileSync('docs/fields.md', fieldsDocument());
writeFileSync('schema/packet.schema.json', `${JSON.stringify(jsonSchema(), null, 2)}\n`);
