/**
 * The files that are served, each under one name of its own: the page's bundle, its looks, its themes and the icon. Read once,
 * when serving begins, by whoever knows where they lie.
 */
import type { Asset } from './source';

interface Named {
  /** As it is asked for. */
  readonly path: string;
  readonly folder: 'dist' | 'media';
  readonly file: string;
  readonly type: string;
}

const ASSETS: readonly Named[] = [
  { path: '/dashboard.js', folder: 'dist', file: 'dashboard.js', type: 'text/javascript; charset=utf-8' },
  { path: '/dashboard.css', folder: 'dist', file: 'dashboard.css', type: 'text/css; charset=utf-8' },
  { path: '/themes.css', folder: 'dist', file: 'themes.css', type: 'text/css; charset=utf-8' },
  { path: '/icon.svg', folder: 'media', file: 'icon.svg', type: 'image/svg+xml' },
];

export function readAssets(read: (folder: 'dist' | 'media', file: string) => Buffer): Map<string, Asset> {
  return new Map(ASSETS.map(({ path, folder, file, type }) => [path, { type, body: read(folder, file) }]));
}
