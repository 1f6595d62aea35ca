/**
 * The manifest is code: every command is registered and categorised, every setting read, every `when` key set, and what is
 * written in package.json is what the tables say.
 */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { NUMBER_SETTINGS } from '../../../src/strategy/settings';
import { manifest } from '../../../tools/manifest';

const root = path.resolve(__dirname, '../../..');
const found = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Record<string, unknown> & {
  contributes: {
    commands: { command: string; title: string; category: string; enablement?: string }[];
    menus: Record<string, { command: string; when?: string }[]>;
    viewsWelcome: { contents: string; when: string }[];
    configuration: { title: string; properties: Record<string, Record<string, unknown>> }[];
  };
};
const sources = ['extension.ts', ...readdirSync(path.join(root, 'src/ui')).map(file => `ui/${file}`)].map(file =>
  readFileSync(path.join(root, 'src', file), 'utf8'),
);
const code = sources.join('\n');
const { commands, menus, viewsWelcome, configuration } = found.contributes;
const settings = Object.assign({}, ...configuration.map(each => each.properties)) as Record<
  string,
  Record<string, unknown>
>;
const ids = commands.map(({ command }) => command);

describe('the manifest', () => {
  it('says what its tables say (npx tsx tools/manifest.ts writes it)', () => {
    for (const [key, value] of Object.entries(manifest()))
      deepEqual(found[key], JSON.parse(JSON.stringify(value)), key);
  });

  it('declares every command that the code registers, and no other', () => {
    const registered = [...code.matchAll(/this\.add\('(\w+)'/g)].map(([, id]) => `dronebot.${id}`);
    deepEqual([...registered].sort(), [...ids].sort());
  });

  it('puts every command into one category, with a title that is a text', () => {
    for (const { command, title, category } of commands) {
      equal(category, 'Dronebot', command);
      ok(title.length > 0, command);
    }
  });

  it('names only commands that exist: in menus, welcome views, code and messages', () => {
    const reports = readdirSync(path.join(root, 'src/reports')).map(file =>
      readFileSync(path.join(root, 'src/reports', file), 'utf8'),
    );
    const named = [
      ...Object.values(menus)
        .flat()
        .map(item => item.command),
      ...viewsWelcome.flatMap(({ contents }) => [...contents.matchAll(/command:([\w.]+)/g)].map(([, id]) => id ?? '')),
      ...[...`${code}\n${reports.join('\n')}`.matchAll(/'(dronebot\.[a-zA-Z]+)'/g)].map(([, id]) => id ?? ''),
    ].filter(id => id.startsWith('dronebot.'));
    // Hovers link these two as soon as there are such commands.
    const later = ['dronebot.openChart', 'dronebot.anchors'];
    const others = [
      'dronebot.dashboard',
      'dronebot.session',
      'dronebot.status',
      'dronebot.folder',
      'dronebot.dronebot',
      'dronebot.state',
      'dronebot.mode',
      'dronebot.paused',
      'dronebot.killed',
      'dronebot.simulatorRuns',
    ];
    deepEqual(
      [...new Set(named)].filter(id => !ids.includes(id) && !later.includes(id) && !others.includes(id)),
      [],
    );
  });

  it('asks for no context key that nobody sets', () => {
    const whens = [
      ...Object.values(menus)
        .flat()
        .map(item => item.when ?? ''),
      ...viewsWelcome.map(({ when }) => when),
      ...commands.map(({ enablement }) => enablement ?? ''),
    ].join(' ');
    const asked = [...new Set([...whens.matchAll(/dronebot\.\w+/g)].map(([key]) => key))].filter(
      key => key !== 'dronebot.session',
    );
    const set = [...code.matchAll(/this\.set\('([\w.]+)'/g)].map(([, key]) => key ?? '');
    deepEqual(
      asked.filter(key => !set.includes(key)),
      [],
    );
  });

  it('has a setting with range, default and unit for every number of the strategy', () => {
    for (const [key, spec] of Object.entries(NUMBER_SETTINGS)) {
      const setting = settings[`dronebot.${key}`];
      deepEqual([setting?.minimum, setting?.maximum, setting?.default], [spec.min, spec.max, spec.default], key);
      ok(String(setting?.markdownDescription).includes(`In ${spec.unit}`), key);
    }
  });

  it('has no setting that nobody reads', () => {
    const read = (key: string) => key in NUMBER_SETTINGS || code.includes(`'${key}'`);
    deepEqual(
      Object.keys(settings)
        .map(key => key.replace('dronebot.', ''))
        .filter(key => !read(key)),
      [],
    );
  });

  it('lets no folder redirect orders: broker, host, port, client id and account are settings of the machine', () => {
    for (const key of ['broker', 'host', 'port', 'clientId', 'account'])
      equal(settings[`dronebot.${key}`]?.scope, 'machine', key);
  });

  it('names files that are there', () => {
    const files = [
      ...JSON.stringify(found).matchAll(/"(?:\.\/)?((?:media|syntaxes)\/[\w./-]+|language-configuration\.json)"/g),
    ].map(([, file]) => file ?? '');
    ok(files.length >= 4);
    deepEqual(
      files.filter(file => !existsSync(path.join(root, file))),
      [],
    );
  });
});
