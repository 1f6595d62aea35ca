/** Folders are made with all above them; where none can be made it says so at once. */
import { ok, throws } from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { makeFolder } from '../../../src/session/folders';

describe('folders', () => {
  let base: string;
  beforeEach(() => (base = fs.mkdtempSync(path.join(os.tmpdir(), 'dronebot-folders-'))));
  afterEach(() => fs.rmSync(base, { recursive: true, force: true }));

  it('makes what is missing above', () => {
    makeFolder(path.join(base, 'a', 'b', 'c'));
    makeFolder(path.join(base, 'a', 'b', 'c'));
    ok(fs.statSync(path.join(base, 'a', 'b', 'c')).isDirectory());
  });

  it('a file in the way is named, also further up', () => {
    fs.writeFileSync(path.join(base, 'file'), '');
    throws(() => makeFolder(path.join(base, 'file')), { code: 'EEXIST' });
    throws(() => makeFolder(path.join(base, 'file', 'b', 'c')), /ENOTDIR|ENOENT/);
  });

  it('a file system that takes no folders answers "not there" for ever: tried once', () => {
    let asked = 0;
    const never = {
      mkdirSync: () => {
        if (++asked > 10) throw new Error('asked again and again');
        throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
      },
    } as unknown as typeof fs;
    throws(() => makeFolder(path.join(base, 'x'), never), { code: 'ENOENT' });
  });
});
