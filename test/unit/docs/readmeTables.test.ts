/** The README says what the schema says. */
import { equal, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fieldsTable, withTable } from '../../../tools/readmeTables';
import { CONFIG_FIELDS, FIELDS } from '../../../src/targets/schema';

describe('the README', () => {
  const readme = readFileSync(path.resolve(__dirname, '../../../README.md'), 'utf8').replaceAll('\r\n', '\n');

  it('has the table of fields that the schema gives (npx tsx tools/readmeTables.ts writes it)', () =>
    equal(readme, withTable(readme)));
  it('names every field', () => {
    for (const key of Object.keys(FIELDS)) ok(fieldsTable().includes(`| \`${key}\` |`), key);
    for (const key of Object.keys(CONFIG_FIELDS)) ok(fieldsTable().includes(`| \`@config ${key}=\` |`), key);
  });
});
