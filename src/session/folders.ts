/** Making folders. Node's own recursive mkdir never comes back where a file system takes no folders at all (/proc, say). */
import * as fs from 'node:fs';
import * as path from 'node:path';

/** Makes a folder with all above it; one that is there is fine. Throws what the file system says otherwise. */
export function makeFolder(folder: string, disk: Pick<typeof fs, 'mkdirSync'> = fs): void {
  try {
    disk.mkdirSync(folder);
  } catch (error) {
    if (isFolder(folder)) return;
    const parent = path.dirname(folder);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === folder) throw error;
    makeFolder(parent, disk);
    disk.mkdirSync(folder);
  }
}

function isFolder(file: string): boolean {
  return fs.statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
